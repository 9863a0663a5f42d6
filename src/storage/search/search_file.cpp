#include "storage/search/search_file.hpp"

#include <algorithm>
#include <limits>

namespace okno::storage {

namespace {

constexpr std::int64_t format_version = 1;
constexpr int place_bits = 20;

constexpr const char* tables = R"(
CREATE TABLE workspaces (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, seq INTEGER NOT NULL, object BLOB NOT NULL,
  oldest BLOB, is_filled INTEGER NOT NULL) STRICT;
CREATE TABLE documents (place INTEGER PRIMARY KEY, workspace INTEGER NOT NULL, conversation BLOB NOT NULL, message BLOB,
  digest INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX documents_by_message ON documents (message) WHERE message IS NOT NULL;
CREATE UNIQUE INDEX cards ON documents (conversation) WHERE message IS NULL;
CREATE INDEX documents_of_conversation ON documents (conversation, place);
CREATE VIRTUAL TABLE terms USING fts5(term, content='', contentless_delete=1, tokenize='ascii');
INSERT INTO terms (terms, rank) VALUES ('hashsize', 16777216);
)";

std::int64_t digest_of(const std::string& terms) {
    std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a: the same in every run, as the file keeps it
    for (const char c : terms)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return static_cast<std::int64_t>(hash);
}

std::int64_t read_integer(const Row& row) { return row.integer(0); }

}  // namespace

struct SearchFile::Known {
    std::int64_t place = 0;
    std::int64_t digest = 0;
    ConversationId conversation;
};

std::int64_t place_of(Timestamp position) {
    return std::clamp<std::int64_t>(to_millis(position), 0, 1LL << 42) << place_bits;
}

SearchFile::SearchFile(const std::filesystem::path& file, SqliteDatabase::Mode mode)
    : database_(file, mode, (mode == SqliteDatabase::Mode::write ? 32 : 8) * 1024) {
    database_.script("PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY");  // the feed gives again what was lost
    const auto version = database_.first("PRAGMA user_version", read_integer).value_or(0);
    const auto known = database_.first("SELECT count(*) FROM sqlite_master", read_integer).value_or(0);
    if (version == format_version) {
        database_.first("SELECT count(*) FROM workspaces", read_integer);
        return;
    }
    if (known != 0 || mode != SqliteDatabase::Mode::write)
        throw SqlDamaged(file.string() + " is of another version of Okno");
    database_.script("BEGIN IMMEDIATE;" + std::string(tables) +
                     "PRAGMA user_version=" + std::to_string(format_version) + "; COMMIT;");
}

std::optional<SearchProgress> SearchFile::progress(WorkspaceId workspace) {
    return database_.first(
        "SELECT number, seq, object, oldest, is_filled FROM workspaces WHERE id=$1",
        [](const Row& row) {
            SearchProgress out{row.integer(0), row.integer(1), row.uuid(2), std::nullopt, row.integer(4) != 0};
            if (const auto oldest = row.uuid_if(3)) out.oldest = MessageId{*oldest};
            return out;
        },
        workspace);
}

SearchProgress SearchFile::add_workspace(WorkspaceId workspace, std::int64_t seq, const Uuid& object) {
    database_.exec("INSERT INTO workspaces (id, seq, object, oldest, is_filled) VALUES ($1, $2, $3, NULL, 0)",
                   workspace, seq, object);
    return *progress(workspace);
}

std::optional<SearchFile::Known> SearchFile::document_of(MessageId message) {
    return database_.first(
        "SELECT place, digest, conversation FROM documents WHERE message=$1",
        [](const Row& row) { return Known{row.integer(0), row.integer(1), ConversationId{row.uuid(2)}}; }, message);
}

std::optional<ConversationId> SearchFile::conversation_of(MessageId message) {
    const auto known = document_of(message);
    return known ? std::optional(known->conversation) : std::nullopt;
}

std::vector<MessageId> SearchFile::messages_of(ConversationId conversation) {
    return database_.rows(
        "SELECT message FROM documents WHERE conversation=$1 AND message IS NOT NULL ORDER BY place DESC",
        [](const Row& row) { return MessageId{row.uuid(0)}; }, conversation);
}

// Messages of one millisecond keep the order of their ids: the feed brings them rising, the filling falling.
std::int64_t SearchFile::free_place(Timestamp position, bool is_filling) {
    const std::int64_t first = place_of(position);
    const std::int64_t last = first + (1LL << place_bits) - 1;
    const auto edge =
        database_.first(is_filling ? "SELECT place FROM documents WHERE place BETWEEN $1 AND $2 ORDER BY place"
                                     " LIMIT 1"
                                   : "SELECT place FROM documents WHERE place BETWEEN $1 AND $2 ORDER BY place"
                                     " DESC LIMIT 1",
                        read_integer, first, last);
    if (!edge) return first + (1LL << (place_bits - 1));
    std::int64_t place = (*edge & ~1LL) + (is_filling ? -2 : 2);
    // Half a million messages of one millisecond: the rest stands beside them.
    while (database_.first("SELECT 1 FROM documents WHERE place=$1", read_integer, place))
        place += is_filling ? -2 : 2;
    return place;
}

void SearchFile::write_documents(const SearchBatch& batch, std::int64_t workspace, bool is_filling) {
    for (const MessageId& message : batch.gone) {
        const auto known = document_of(message);
        if (!known) continue;
        taken_.push_back(known->place);
        database_.exec("DELETE FROM documents WHERE place=$1", known->place);
    }
    for (const SearchDocument& document : batch.documents) {
        const std::int64_t digest = digest_of(document.terms);
        const auto known = document_of(document.message);
        if (known && known->digest == digest) continue;  // a status: nothing of it is searched for
        if (known) taken_.push_back(known->place);
        const std::int64_t place = known ? known->place : free_place(document.position, is_filling);
        database_.exec(
            "INSERT INTO documents (place, workspace, conversation, message, digest) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (place) DO UPDATE SET conversation = excluded.conversation, digest = excluded.digest",
            place, workspace, document.conversation, document.message, digest);
        put_[place] = document.terms;
    }
}

// The card follows the newest message; without messages there is nothing to show of a contact. All that leave go first:
// where two conversations became one, the place is another's now.
void SearchFile::write_cards(const std::map<ConversationId, std::string>& cards, std::int64_t workspace) {
    std::map<std::int64_t, std::pair<ConversationId, std::int64_t>> wanted;
    for (const auto& [conversation, terms] : cards) {
        const auto newest = database_.first(
            "SELECT place FROM documents WHERE conversation=$1 AND message IS NOT NULL ORDER BY place DESC LIMIT 1",
            read_integer, conversation);
        const auto known = database_.first(
            "SELECT place, digest FROM documents WHERE conversation=$1 AND message IS NULL",
            [](const Row& row) { return std::pair{row.integer(0), row.integer(1)}; }, conversation);
        const bool is_wanted = newest && !terms.empty();
        const std::int64_t digest = digest_of(terms);
        if (known && is_wanted && *known == std::pair{*newest | 1, digest}) continue;
        if (known) {
            taken_.push_back(known->first);
            database_.exec("DELETE FROM documents WHERE place=$1", known->first);
        }
        if (!is_wanted) continue;
        wanted[*newest | 1] = {conversation, digest};
        put_[*newest | 1] = terms;
    }
    for (const auto& [place, card] : wanted)
        database_.exec(
            "INSERT INTO documents (place, workspace, conversation, message, digest) VALUES ($1, $2, $3, NULL, $4)",
            place, workspace, card.first, card.second);
}

void SearchFile::write_terms() {
    std::ranges::sort(taken_);
    for (const std::int64_t place : taken_)
        database_.exec("DELETE FROM terms WHERE rowid=$1", place);
    for (const auto& [place, terms] : put_)
        database_.exec("INSERT INTO terms (rowid, term) VALUES ($1, $2)", place, terms);
}

void SearchFile::write(const SearchBatch& batch, const SearchProgress& progress, bool is_filling) {
    taken_.clear();
    put_.clear();
    database_.script("BEGIN IMMEDIATE");
    try {
        write_documents(batch, progress.workspace, is_filling);
        write_cards(batch.cards, progress.workspace);
        write_terms();
        database_.exec("UPDATE workspaces SET seq=$2, object=$3, oldest=$4, is_filled=$5 WHERE number=$1",
                       progress.workspace, progress.seq, progress.object, progress.oldest, progress.is_filled);
        database_.script("COMMIT");
    } catch (...) {
        try {
            database_.script("ROLLBACK");
        } catch (const SqlError&) {  // SQLite had rolled back by itself
        }
        throw;
    }
}

bool SearchFile::merge() {
    const auto changes = [&] { return database_.first("SELECT total_changes()", read_integer).value_or(0); };
    const std::int64_t before = changes();
    database_.exec("INSERT INTO terms (terms, rank) VALUES ('merge', 200)");
    return changes() - before >= 2;  // FTS5's word for "there was something to do"
}

SearchPage SearchFile::find(std::int64_t workspace, const std::string& expression, std::optional<std::int64_t> before,
                            std::optional<std::int64_t> not_before, int limit) {
    struct Found {
        std::int64_t place;
        ConversationId conversation;
        std::optional<MessageId> message;
    };
    // One more tells whether there is a next page, and a contact may stand beside a message that is found as well.
    const auto found = database_.rows(
        "SELECT t.rowid, d.conversation, coalesce(d.message, (SELECT m.message FROM documents m WHERE m.place ="
        " d.place - 1)) FROM terms t CROSS JOIN documents d ON d.place = t.rowid WHERE t.terms MATCH $1"
        " AND t.rowid < $2 AND t.rowid >= $3 AND d.workspace = $4 ORDER BY t.rowid DESC LIMIT $5",
        [](const Row& row) {
            const auto message = row.uuid_if(2);
            return Found{row.integer(0), ConversationId{row.uuid(1)},
                         message ? std::optional(MessageId{*message}) : std::nullopt};
        },
        expression, before.value_or(std::numeric_limits<std::int64_t>::max()), not_before.value_or(0), workspace,
        2 * limit + 1);
    SearchPage page;
    std::int64_t last = -1;  // the pair of places that was shown last
    for (const Found& one : found) {
        if ((one.place | 1) == last || !one.message) continue;
        if (static_cast<int>(page.hits.size()) == limit) {
            page.next = last & ~1LL;
            break;
        }
        last = one.place | 1;
        page.hits.push_back({one.conversation, *one.message});
    }
    return page;
}

std::vector<ConversationId> SearchFile::contacts(std::int64_t workspace, const std::string& expression, int limit) {
    return database_.rows(
        "SELECT d.conversation FROM terms t CROSS JOIN documents d ON d.place = t.rowid WHERE t.terms MATCH $1"
        " AND d.workspace = $2 ORDER BY t.rowid DESC LIMIT $3",
        [](const Row& row) { return ConversationId{row.uuid(0)}; }, expression, workspace, limit);
}

}  // namespace okno::storage
