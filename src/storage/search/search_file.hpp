// The search's tables in search.db, with SQLite's FTS5.
#pragma once

#include "storage/search/search_tables.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <filesystem>

namespace okno::storage {

class SearchFile final : public SearchTables {
public:
    // Opens the file or makes it. Throws SqlDamaged when it is no search.db of this version.
    SearchFile(const std::filesystem::path& file, SqliteDatabase::Mode mode);

    void checkpoint() override;
    bool merge() override;

private:
    std::vector<Found> matching(WorkspaceId workspace, const MatchExpression& expression, std::int64_t before,
                                std::int64_t not_before, int limit) override;
    void put(WorkspaceId workspace, std::int64_t place, ConversationId conversation, std::optional<MessageId> message,
             std::int64_t digest, const std::string& terms) override;
    void take(WorkspaceId workspace, std::int64_t place) override;
    void begin() override;
    void commit() override;
    void roll_back() override;

    SqliteDatabase database_;
    // Of the batch in hand. FTS5 wants its rows in rising order: anything else ends a piece of the index.
    std::map<std::int64_t, std::string> put_;
    std::vector<std::int64_t> taken_;
};

}  // namespace okno::storage
