// The store on PostgreSQL: writers, each with a connection of its own, take closures from one queue; what may wait has
// a writer to itself, so that transactions over many conversations never meet each other in this process.
#pragma once

#include "app/ports/storage.hpp"
#include "base/crypto.hpp"
#include "app/ports/ownership.hpp"
#include "storage/postgres/connector.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace okno::storage {

class PostgresStore final : public Store {
public:
    using Committed = std::function<void(const std::vector<WorkspaceId>&)>;

    // Both `connector` and `ownership` must live as long as the store. Makes and migrates the tables. Throws
    // SqlUnavailable when the server cannot be reached and std::runtime_error when the key is not the one that sealed
    // the credentials. `committed` is told on a writer's thread which workspaces changed.
    PostgresStore(Connector& connector, SealingKey key, const Ownership& ownership, Committed committed);
    // Finishes what is queued.
    ~PostgresStore() override;

    void write(Work work, Done done) override;
    void write_later(Work work, Done done) override;
    void read(Work work, Done done) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace okno::storage
