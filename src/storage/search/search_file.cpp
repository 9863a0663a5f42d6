#include "storage/search/search_file.hpp"

#include <algorithm>

namespace okno::storage {

namespace {

constexpr std::int64_t format_version = 2;

constexpr const char* tables = R"(
CREATE TABLE search_workspaces (number INTEGER PRIMARY KEY, workspace_id BLOB NOT NULL UNIQUE, seq INTEGER NOT NULL,
  object_id BLOB NOT NULL, oldest BLOB, is_filled INTEGER NOT NULL) STRICT;
CREATE TABLE search_documents (place INTEGER PRIMARY KEY, workspace_id BLOB NOT NULL, conversation_id BLOB NOT NULL,
  message_id BLOB, digest INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX search_by_message ON search_documents (message_id, workspace_id) WHERE message_id IS NOT NULL;
CREATE UNIQUE INDEX search_cards ON search_documents (conversation_id, workspace_id) WHERE message_id IS NULL;
CREATE INDEX search_of_conversation ON search_documents (conversation_id, workspace_id, place);
CREATE VIRTUAL TABLE terms USING fts5(term, content='', contentless_delete=1, tokenize='ascii');
INSERT INTO terms (terms, rank) VALUES ('hashsize', 16777216);
)";

std::int64_t read_integer(const Row& row) { return row.integer(0); }

}  // namespace

SearchFile::SearchFile(const std::filesystem::path& file, SqliteDatabase::Mode mode)
    : SearchTables(database_, ""), database_(file, mode, (mode == SqliteDatabase::Mode::write ? 32 : 8) * 1024) {
    database_.script("PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY");  // the feed gives again what was lost
    const auto version = database_.first("PRAGMA user_version", read_integer).value_or(0);
    const auto known = database_.first("SELECT count(*) FROM sqlite_master", read_integer).value_or(0);
    if (version == format_version) {
        database_.first("SELECT count(*) FROM search_workspaces", read_integer);
        return;
    }
    if (known != 0 || mode != SqliteDatabase::Mode::write)
        throw SqlDamaged(file.string() + " is of another version of Okno");
    database_.script("BEGIN IMMEDIATE;" + std::string(tables) +
                     "PRAGMA user_version=" + std::to_string(format_version) + "; COMMIT;");
}

// On the thread that writes, see Checkpointer.
void SearchFile::checkpoint() {
    if (database_.checkpoint().size > SqliteDatabase::long_log) database_.checkpoint_and_restart();
}

void SearchFile::put(WorkspaceId workspace, std::int64_t place, ConversationId conversation,
                     std::optional<MessageId> message, std::int64_t digest, const std::string& terms) {
    const bool is_known = database_.exec("DELETE FROM search_documents WHERE place=$1", place) > 0;
    if (is_known) taken_.push_back(place);
    database_.exec(
        "INSERT INTO search_documents (place, workspace_id, conversation_id, message_id, digest)"
        " VALUES ($1, $2, $3, $4, $5)",
        place, workspace, conversation, message, digest);
    put_[place] = terms;
}

void SearchFile::take(WorkspaceId, std::int64_t place) {
    taken_.push_back(place);
    database_.exec("DELETE FROM search_documents WHERE place=$1", place);
}

void SearchFile::begin() {
    taken_.clear();
    put_.clear();
    database_.script("BEGIN IMMEDIATE");
}

void SearchFile::commit() {
    std::ranges::sort(taken_);
    for (const std::int64_t place : taken_)
        database_.exec("DELETE FROM terms WHERE rowid=$1", place);
    for (const auto& [place, terms] : put_)
        database_.exec("INSERT INTO terms (rowid, term) VALUES ($1, $2)", place, terms);
    database_.script("COMMIT");
}

void SearchFile::roll_back() { database_.roll_back(); }

bool SearchFile::merge() {
    const auto changes = [&] { return database_.first("SELECT total_changes()", read_integer).value_or(0); };
    const std::int64_t before = changes();
    database_.exec("INSERT INTO terms (terms, rank) VALUES ('merge', 200)");
    return changes() - before >= 2;  // FTS5's word for "there was something to do"
}

std::vector<SearchTables::Found> SearchFile::matching(WorkspaceId workspace, const MatchExpression& expression,
                                                      std::int64_t before, std::int64_t not_before, int limit) {
    return database_.rows(
        "SELECT t.rowid, d.conversation_id, coalesce(d.message_id, (SELECT m.message_id FROM search_documents m WHERE"
        " m.place = d.place - 1)) FROM terms t CROSS JOIN search_documents d ON d.place = t.rowid WHERE t.terms MATCH "
        "$1"
        " AND t.rowid < $2 AND t.rowid >= $3 AND d.workspace_id = $4 ORDER BY t.rowid DESC LIMIT $5",
        [](const Row& row) {
            const auto message = row.uuid_if(2);
            return Found{row.integer(0), ConversationId{row.uuid(1)},
                         message ? std::optional(MessageId{*message}) : std::nullopt};
        },
        expression.for_fts5(), before, not_before, workspace, limit);
}

}  // namespace okno::storage
