// One transaction on a connection, carried out once however often connections are lost.
//
// Each one that changed something leaves its operation id. When the answer to a COMMIT is lost, another connection
// makes the same id: that waits for the first one's end and fails if it was committed.
#pragma once

#include "domain/ids.hpp"
#include "storage/postgres/connector.hpp"

#include <functional>

namespace okno::storage {

// `work` fills the transaction and names the workspace under which its operation id is kept; it runs again after
// conflicts and lost connections. Throws SqlUnavailable when the database is away, and what `work` threw. Gives up
// on a lost COMMIT only when `is_stopping` does.
void commit_once(Connector& connector, std::unique_ptr<PostgresDatabase>& connection,
                 const std::function<WorkspaceId(PostgresDatabase&)>& work, const std::function<bool()>& is_stopping);

// The same for work that can be done another way: tried once, and never long in anybody's way. Throws SqlConflict when
// another transaction was in its way.
void commit_if_easy(Connector& connector, std::unique_ptr<PostgresDatabase>& connection,
                    const std::function<WorkspaceId(PostgresDatabase&)>& work,
                    const std::function<bool()>& is_stopping);

}  // namespace okno::storage
