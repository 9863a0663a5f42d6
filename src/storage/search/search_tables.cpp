#include "storage/search/search_tables.hpp"

#include <algorithm>
#include <limits>

namespace okno::storage {

namespace {

constexpr int place_bits = 20;

std::int64_t digest_of(const std::string& terms) {
    std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a: the same in every run, as the tables keep it
    for (const char c : terms)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return static_cast<std::int64_t>(hash);
}

std::int64_t read_integer(const Row& row) { return row.integer(0); }

}  // namespace

struct SearchTables::Known {
    std::int64_t place = 0;
    std::int64_t digest = 0;
    ConversationId conversation;
};

std::int64_t place_of(Timestamp position) {
    return std::clamp<std::int64_t>(to_millis(position), 0, 1LL << 42) << place_bits;
}

std::optional<SearchProgress> SearchTables::progress(WorkspaceId workspace) {
    return sql_.first(
        "SELECT number, seq, object_id, oldest, is_filled FROM search_workspaces WHERE workspace_id=$1",
        [](const Row& row) {
            SearchProgress out{row.integer(0), row.integer(1), row.uuid(2), std::nullopt, row.integer(4) != 0};
            if (const auto oldest = row.uuid_if(3)) out.oldest = MessageId{*oldest};
            return out;
        },
        workspace);
}

SearchProgress SearchTables::add_workspace(WorkspaceId workspace, std::int64_t seq, const Uuid& object) {
    sql_.exec(
        "INSERT INTO search_workspaces (workspace_id, seq, object_id, oldest, is_filled) VALUES ($1, $2, $3, NULL, 0)"
        " ON CONFLICT (workspace_id) DO NOTHING",
        workspace, seq, object);
    return *progress(workspace);
}

std::optional<SearchTables::Known> SearchTables::document_of(WorkspaceId workspace, MessageId message) {
    return sql_.first(
        "SELECT place, digest, conversation_id FROM search_documents WHERE workspace_id=$1 AND message_id=$2",
        [](const Row& row) { return Known{row.integer(0), row.integer(1), ConversationId{row.uuid(2)}}; }, workspace,
        message);
}

std::optional<ConversationId> SearchTables::conversation_of(WorkspaceId workspace, MessageId message) {
    const auto known = document_of(workspace, message);
    return known ? std::optional(known->conversation) : std::nullopt;
}

std::vector<MessageId> SearchTables::messages_of(WorkspaceId workspace, ConversationId conversation) {
    return sql_.rows(
        "SELECT message_id FROM search_documents WHERE workspace_id=$1 AND conversation_id=$2 AND message_id IS NOT "
        "NULL"
        " ORDER BY place DESC",
        [](const Row& row) { return MessageId{row.uuid(0)}; }, workspace, conversation);
}

// Messages of one millisecond keep the order of their ids: the feed brings them rising, the filling falling.
std::int64_t SearchTables::free_place(WorkspaceId workspace, Timestamp position, bool is_filling) {
    const std::int64_t first = place_of(position);
    const std::int64_t last = first + (1LL << place_bits) - 1;
    const auto edge =
        sql_.first("SELECT place FROM search_documents WHERE " + of_workspace_ +
                       "place BETWEEN $2 AND $3 ORDER BY place" + (is_filling ? "" : " DESC") + " LIMIT 1",
                   read_integer, workspace, first, last);
    if (!edge) return first + (1LL << (place_bits - 1));
    const std::string taken = "SELECT 1 FROM search_documents WHERE " + of_workspace_ + "place=$2";
    std::int64_t place = (*edge & ~1LL) + (is_filling ? -2 : 2);
    // Half a million messages of one millisecond: the rest stands beside them.
    while (sql_.first(taken, read_integer, workspace, place))
        place += is_filling ? -2 : 2;
    return place;
}

void SearchTables::write_documents(WorkspaceId workspace, const SearchBatch& batch, bool is_filling) {
    for (const MessageId& message : batch.gone)
        if (const auto known = document_of(workspace, message)) take(workspace, known->place);
    for (const SearchDocument& document : batch.documents) {
        const std::int64_t digest = digest_of(document.terms);
        const auto known = document_of(workspace, document.message);
        if (known && known->digest == digest) continue;  // a status: nothing of it is searched for
        const std::int64_t place = known ? known->place : free_place(workspace, document.position, is_filling);
        put(workspace, place, document.conversation, document.message, digest, document.terms);
    }
}

// The card follows the newest message; without messages there is nothing to show of a contact. All that leave go first:
// where two conversations became one, the place is another's now.
void SearchTables::write_cards(WorkspaceId workspace, const std::map<ConversationId, std::string>& cards) {
    std::map<std::int64_t, std::pair<ConversationId, const std::string*>> wanted;
    for (const auto& [conversation, terms] : cards) {
        const auto newest = sql_.first(
            "SELECT place FROM search_documents WHERE workspace_id=$1 AND conversation_id=$2 AND message_id IS NOT NULL"
            " ORDER BY place DESC LIMIT 1",
            read_integer, workspace, conversation);
        const auto known = sql_.first(
            "SELECT place, digest FROM search_documents WHERE workspace_id=$1 AND conversation_id=$2 AND message_id IS"
            " NULL",
            [](const Row& row) { return std::pair{row.integer(0), row.integer(1)}; }, workspace, conversation);
        const bool is_wanted = newest && !terms.empty();
        if (known && is_wanted && *known == std::pair{*newest | 1, digest_of(terms)}) continue;
        if (known) take(workspace, known->first);
        if (is_wanted) wanted[*newest | 1] = {conversation, &terms};
    }
    for (const auto& [place, card] : wanted)
        put(workspace, place, card.first, std::nullopt, digest_of(*card.second), *card.second);
}

void SearchTables::write(WorkspaceId workspace, const SearchBatch& batch, const SearchProgress& progress,
                         bool is_filling) {
    begin();
    try {
        write_documents(workspace, batch, is_filling);
        write_cards(workspace, batch.cards);
        sql_.exec("UPDATE search_workspaces SET seq=$2, object_id=$3, oldest=$4, is_filled=$5 WHERE workspace_id=$1",
                  workspace, progress.seq, progress.object, progress.oldest, progress.is_filled);
        commit();
    } catch (...) {
        roll_back();
        throw;
    }
}

SearchPage SearchTables::find(WorkspaceId workspace, const MatchExpression& expression,
                              std::optional<std::int64_t> before, std::optional<std::int64_t> not_before, int limit) {
    // One more tells whether there is a next page, and a contact may stand beside a message that is found as well.
    const auto found = matching(workspace, expression, before.value_or(std::numeric_limits<std::int64_t>::max()),
                                not_before.value_or(0), 2 * limit + 1);
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

std::vector<ConversationId> SearchTables::contacts(WorkspaceId workspace, const MatchExpression& expression,
                                                   int limit) {
    std::vector<ConversationId> out;
    for (const Found& one : matching(workspace, expression, std::numeric_limits<std::int64_t>::max(), 0, limit))
        out.push_back(one.conversation);
    return out;
}

}  // namespace okno::storage
