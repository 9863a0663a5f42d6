// The search's tables in PostgreSQL: our own terms in a tsvector, found by tsquery; nothing of its text search's
// languages is used, so that both engines find the same.
#pragma once

#include "storage/postgres/connector.hpp"
#include "storage/search/search_tables.hpp"

namespace okno::storage {

class SearchDatabase final : public SearchTables {
public:
    // Throws SqlUnavailable.
    explicit SearchDatabase(std::unique_ptr<PostgresDatabase> connection);
    // Takes everything out: it is made again from the store.
    void clear();

private:
    std::vector<Found> matching(WorkspaceId workspace, const MatchExpression& expression, std::int64_t before,
                                std::int64_t not_before, int limit) override;
    void put(WorkspaceId workspace, std::int64_t place, ConversationId conversation, std::optional<MessageId> message,
             std::int64_t digest, const std::string& terms) override;
    void take(WorkspaceId workspace, std::int64_t place) override;
    std::map<MessageId, Known> known(WorkspaceId workspace, const std::set<MessageId>& messages) override;
    std::map<ConversationId, KnownCard> known_cards(WorkspaceId workspace,
                                                    const std::set<ConversationId>& conversations) override;
    std::map<std::int64_t, Taken> taken(WorkspaceId workspace, const std::set<std::int64_t>& firsts) override;
    void begin() override;
    void commit() override;
    void roll_back() override;

    std::unique_ptr<PostgresDatabase> connection_;
};

}  // namespace okno::storage
