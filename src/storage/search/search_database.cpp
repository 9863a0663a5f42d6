#include "storage/search/search_database.hpp"

#include <algorithm>
#include <cctype>
#include <limits>

namespace okno::storage {

namespace {

constexpr std::size_t most_positions = 16'383;  // of a tsvector
constexpr std::size_t most_bytes = 500'000;     // of the terms of a document; a tsvector holds 1 MB

// "17wключ 17b 17sключ" as a tsvector: words and borders have their places, for phrases; what stands for a whole
// document has none.
std::string vector_of(const std::string& terms) {
    std::string out;
    std::size_t position = 0;
    for (std::size_t at = 0; at < terms.size() && out.size() < most_bytes;) {
        const std::size_t end = std::min(terms.find(' ', at), terms.size());
        const std::string_view term(terms.data() + at, end - at);
        at = end + 1;
        const std::size_t kind = std::min(term.find_first_not_of("0123456789"), term.size());
        out += (out.empty() ? "'" : " '") + std::string(term) + '\'';
        const bool has_place = kind < term.size() && (term[kind] == 'w' || term[kind] == 'b');
        if (has_place) out += ':' + std::to_string(std::min(++position, most_positions));
    }
    return out;
}

}  // namespace

SearchDatabase::SearchDatabase(std::unique_ptr<PostgresDatabase> connection)
    : SearchTables(*connection, "workspace_id=$1 AND "), connection_(std::move(connection)) {}

void SearchDatabase::clear() {
    connection_->begin("BEGIN");
    connection_->script("DELETE FROM search_documents; DELETE FROM search_workspaces");
    connection_->commit();
}

void SearchDatabase::put(WorkspaceId workspace, std::int64_t place, ConversationId conversation,
                         std::optional<MessageId> message, std::int64_t digest, const std::string& terms) {
    connection_->exec(
        "INSERT INTO search_documents (workspace_id, place, conversation_id, message_id, digest, terms)"
        " VALUES ($1, $2, $3, $4, $5, $6::text::tsvector) ON CONFLICT (workspace_id, place) DO UPDATE SET"
        " conversation_id = excluded.conversation_id, message_id = excluded.message_id, digest = excluded.digest,"
        " terms = excluded.terms",
        workspace, place, conversation, message, digest, vector_of(terms));
}

void SearchDatabase::take(WorkspaceId workspace, std::int64_t place) {
    connection_->exec("DELETE FROM search_documents WHERE workspace_id=$1 AND place=$2", workspace, place);
}

void SearchDatabase::begin() { connection_->begin("BEGIN"); }

void SearchDatabase::commit() { connection_->commit(); }

void SearchDatabase::roll_back() { connection_->roll_back(); }

std::vector<SearchTables::Found> SearchDatabase::matching(WorkspaceId workspace, const MatchExpression& expression,
                                                          std::int64_t before, std::int64_t not_before, int limit) {
    return connection_->rows(
        "SELECT d.place, d.conversation_id, coalesce(d.message_id, (SELECT m.message_id FROM search_documents m WHERE"
        " m.workspace_id=d.workspace_id AND m.place=d.place-1)) FROM search_documents d WHERE d.workspace_id=$4 AND"
        " d.terms @@ $1::text::tsquery AND d.place<$2 AND d.place>=$3 ORDER BY d.place DESC LIMIT $5",
        [](const Row& row) {
            const auto message = row.uuid_if(2);
            return Found{row.integer(0), ConversationId{row.uuid(1)},
                         message ? std::optional(MessageId{*message}) : std::nullopt};
        },
        expression.for_tsquery(), before, not_before, workspace, limit);
}

}  // namespace okno::storage
