#include "storage/search/search_database.hpp"

#include <algorithm>
#include <cstring>
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

// What is kept aside is told apart by its place.
Uuid key_of(std::int64_t place) {
    Uuid key;
    std::memcpy(key.bytes.data(), &place, sizeof place);
    return key;
}

}  // namespace

SearchDatabase::SearchDatabase(std::unique_ptr<PostgresDatabase> connection)
    : SearchTables(*connection, "workspace_id=$1 AND "), connection_(std::move(connection)) {
    // A frequent word is found by walking back from the newest, a rare one by its own index: a plan for any word
    // gathers all that hold it, which takes seconds in a million.
    connection_->script("SET plan_cache_mode=force_custom_plan");
}

void SearchDatabase::clear() {
    connection_->begin("BEGIN");
    connection_->script("DELETE FROM search_documents; DELETE FROM search_workspaces");
    connection_->commit();
}

void SearchDatabase::put(WorkspaceId workspace, std::int64_t place, ConversationId conversation,
                         std::optional<MessageId> message, std::int64_t digest, const std::string& terms) {
    connection_->put_aside(
        "INSERT INTO search_documents (workspace_id, place, conversation_id, message_id, digest, terms) SELECT"
        " v.workspace, v.place, v.conversation, v.message, v.digest, v.terms::tsvector FROM unnest($1::uuid[],"
        " $2::int8[], $3::uuid[], $4::uuid[], $5::int8[], $6::text[]) v(workspace, place, conversation, message, "
        "digest,"
        " terms) ON CONFLICT (workspace_id, place) DO UPDATE SET conversation_id = excluded.conversation_id,"
        " message_id = excluded.message_id, digest = excluded.digest, terms = excluded.terms",
        key_of(place),
        {sql(workspace), sql(place), sql(conversation), sql(message), sql(digest), sql(vector_of(terms))});
}

void SearchDatabase::take(WorkspaceId workspace, std::int64_t place) {
    connection_->put_aside(
        "DELETE FROM search_documents d USING unnest($1::uuid[], $2::int8[]) v(workspace, place) WHERE"
        " d.workspace_id=v.workspace AND d.place=v.place",
        key_of(place), {sql(workspace), sql(place)});
}

std::map<MessageId, SearchTables::Known> SearchDatabase::known(WorkspaceId workspace,
                                                               const std::set<MessageId>& messages) {
    std::map<MessageId, Known> out;
    if (messages.empty()) return out;
    connection_->run_batch(
        "SELECT d.message_id, d.place, d.digest, d.conversation_id FROM unnest($1::uuid[], $2::uuid[]) w(workspace,"
        " message) JOIN search_documents d ON d.workspace_id=w.workspace AND d.message_id=w.message",
        rows_of(workspace, messages), [&](const Row& row) {
            out[MessageId{row.uuid(0)}] = {row.integer(1), row.integer(2), ConversationId{row.uuid(3)}};
        });
    return out;
}

std::map<ConversationId, SearchTables::KnownCard> SearchDatabase::known_cards(
    WorkspaceId workspace, const std::set<ConversationId>& conversations) {
    std::map<ConversationId, KnownCard> out;
    if (conversations.empty()) return out;
    connection_->run_batch(
        "SELECT w.conversation, n.place, k.place, k.digest FROM unnest($1::uuid[], $2::uuid[]) w(workspace,"
        " conversation) LEFT JOIN LATERAL (SELECT d.place FROM search_documents d WHERE d.workspace_id=w.workspace AND"
        " d.conversation_id=w.conversation AND d.message_id IS NOT NULL ORDER BY d.place DESC LIMIT 1) n ON true LEFT"
        " JOIN search_documents k ON k.workspace_id=w.workspace AND k.conversation_id=w.conversation AND k.message_id"
        " IS NULL",
        rows_of(workspace, conversations), [&](const Row& row) {
            KnownCard& known = out[ConversationId{row.uuid(0)}];
            if (!row.is_null(1)) known.newest = row.integer(1);
            if (!row.is_null(2)) known.card = std::pair{row.integer(2), row.integer(3)};
        });
    return out;
}

std::map<std::int64_t, SearchTables::Taken> SearchDatabase::taken(WorkspaceId workspace,
                                                                  const std::set<std::int64_t>& firsts) {
    std::map<std::int64_t, Taken> out;
    if (firsts.empty()) return out;
    static const std::string of_millisecond =
        "(SELECT d.place, d.message_id FROM search_documents d WHERE d.workspace_id=w.workspace AND d.place>=w.first "
        "AND"
        " d.place<w.first+" +
        std::to_string(places_in_millisecond) + " AND d.message_id IS NOT NULL ORDER BY d.place ";
    static const std::string statement =
        "SELECT w.first, l.place, h.place, h.message_id FROM unnest($1::uuid[], $2::int8[]) w(workspace, first) JOIN"
        " LATERAL " +
        of_millisecond + "LIMIT 1) l ON true JOIN LATERAL " + of_millisecond + "DESC LIMIT 1) h ON true";
    connection_->run_batch(statement, rows_of(workspace, firsts), [&](const Row& row) {
        out[row.integer(0)] = {row.integer(1), row.integer(2), MessageId{row.uuid(3)}};
    });
    return out;
}

void SearchDatabase::begin() { connection_->begin("BEGIN"); }

// Every row put a word at a time into the index would cost several times what all rows at once do; left where they
// wait, every search would read them all.
void SearchDatabase::commit() {
    connection_->commit();
    connection_->script("SELECT gin_clean_pending_list('search_terms')");
}

void SearchDatabase::roll_back() { connection_->roll_back(); }

// A word that many documents hold is found among the newest, one that few hold through the index of words. Which it is
// the planner cannot tell: of all words it knows the thousand most frequent, and for the others it would walk through
// everything.
std::vector<SearchTables::Found> SearchDatabase::matching(WorkspaceId workspace, const MatchExpression& expression,
                                                          std::int64_t before, std::int64_t not_before, int limit) {
    static const std::string shown =
        "SELECT d.place, d.conversation_id, coalesce(d.message_id, (SELECT m.message_id FROM search_documents m WHERE"
        " m.workspace_id=$4 AND m.place=d.place-1)) FROM ";
    static const std::string in_range = " FROM search_documents WHERE workspace_id=$4 AND place<$2 AND place>=$3";
    static const std::string holds = "terms @@ $1::text::tsquery";
    static const std::string in_order = " ORDER BY place DESC LIMIT ";
    static const std::string among_newest =
        shown + "(SELECT *" + in_range + in_order + "$6) d WHERE d." + holds + in_order + "$5";
    static const std::string among_all = "WITH found AS MATERIALIZED (SELECT place, conversation_id, message_id" +
                                         in_range + " AND " + holds + ") " + shown + "(SELECT * FROM found" + in_order +
                                         "$5) d ORDER BY place DESC";
    const auto read = [](const Row& row) {
        const auto message = row.uuid_if(2);
        return Found{row.integer(0), ConversationId{row.uuid(1)},
                     message ? std::optional(MessageId{*message}) : std::nullopt};
    };
    constexpr int few = 4000;
    constexpr int further = 6;  // a walk past so many times as many costs about what gathering costs in a million
    for (const int newest : {few, few * further}) {
        auto found = connection_->rows(among_newest, read, expression.for_tsquery(), before, not_before, workspace,
                                       limit, newest);
        if (found.size() == static_cast<std::size_t>(limit)) return found;
        if (found.size() * further < static_cast<std::size_t>(limit)) break;
    }
    return connection_->rows(among_all, read, expression.for_tsquery(), before, not_before, workspace, limit);
}

}  // namespace okno::storage
