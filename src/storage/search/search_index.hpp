// The search port over the search's tables: a thread of its own writes them, from the change feed of every workspace
// and, once for each, from the messages that are stored. Tables that are missing, unreadable or of another version are
// made anew.
#pragma once

#include "app/ports/search.hpp"
#include "app/ports/ownership.hpp"
#include "app/ports/storage.hpp"
#include "storage/postgres/connector.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace okno::storage {

class SearchIndex final : public Search {
public:
    // In search.db. `store` must live until `stop`. Throws SqlError when the file can be neither read nor made.
    SearchIndex(const std::filesystem::path& file, Store& store);
    // In PostgreSQL; each workspace is written by the owner of its partition. All must live until `stop`. Throws
    // SqlUnavailable.
    SearchIndex(Connector& connector, const Ownership& ownership, Store& store);
    ~SearchIndex() override;

    // Ends its thread after the step in hand; the rest is done at the next start. Comes before the store's end; what
    // the store still finishes may go on to call the others.
    void stop();

    Result<SearchPage> find(const SearchQuery& query) override;
    std::string snippet(std::string_view query, std::string_view text) override;

    // Told after commits: these workspaces changed. Without it they are looked at every 2 s.
    void wake(const std::vector<WorkspaceId>& changed);
    // Waits until everything that was committed before the call can be found, the filling included.
    void catch_up();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace okno::storage
