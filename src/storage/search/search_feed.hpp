// Reads from the store what the index has not got yet, and makes terms of it.
#pragma once

#include "app/ports/storage.hpp"
#include "storage/search/search_tables.hpp"

#include <optional>
#include <set>
#include <vector>

namespace okno::storage {

// What changed since a number.
struct SearchChanges {
    std::set<MessageId> messages;
    std::set<ConversationId> conversations;
    std::int64_t seq = 0;  // of the last one
    Uuid object;
    bool has_more = false;
};

// Each call is one closure on a reader of the store, and waits for it; throws what the closure threw.
class SearchFeed {
public:
    explicit SearchFeed(Store& store) : store_(store) {}

    std::vector<WorkspaceId> workspaces();
    // The end of the feed: where a workspace that is filled from its messages goes on.
    SearchChanges end_of(WorkspaceId workspace);
    // Empty: the feed does not go on from there; it is pruned, or of another okno.db.
    std::optional<SearchChanges> after(WorkspaceId workspace, const SearchProgress& progress, int limit);
    // Documents of the messages, cards of their conversations and of `conversations`.
    SearchBatch read(WorkspaceId workspace, std::int64_t number, const std::set<MessageId>& messages,
                     const std::set<ConversationId>& conversations);
    // The messages made last before `before`, and how many there were.
    SearchBatch read_older(WorkspaceId workspace, std::int64_t number, std::optional<MessageId> before, int limit,
                           std::vector<MessageId>& read);

private:
    Store& store_;
};

}  // namespace okno::storage
