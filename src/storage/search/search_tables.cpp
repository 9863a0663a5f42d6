#include "storage/search/search_tables.hpp"

#include <algorithm>
#include <limits>
#include <ranges>

namespace okno::storage {

namespace {

std::int64_t digest_of(const std::string& terms) {
    std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a: the same in every run, as the tables keep it
    for (const char c : terms)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return static_cast<std::int64_t>(hash);
}

std::int64_t read_integer(const Row& row) { return row.integer(0); }

}  // namespace

std::int64_t place_of(Timestamp position) {
    return std::clamp<std::int64_t>(to_millis(position), 0, 1LL << 42) * places_in_millisecond;
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

std::map<MessageId, SearchTables::Known> SearchTables::known(WorkspaceId workspace,
                                                             const std::set<MessageId>& messages) {
    std::map<MessageId, Known> out;
    for (const MessageId& message : messages)
        sql_.run("SELECT place, digest, conversation_id FROM search_documents WHERE workspace_id=$1 AND message_id=$2",
                 {sql(workspace), sql(message)},
                 [&](const Row& row) { out[message] = {row.integer(0), row.integer(1), ConversationId{row.uuid(2)}}; });
    return out;
}

std::map<ConversationId, SearchTables::KnownCard> SearchTables::known_cards(
    WorkspaceId workspace, const std::set<ConversationId>& conversations) {
    std::map<ConversationId, KnownCard> out;
    for (const ConversationId& conversation : conversations) {
        KnownCard& known = out[conversation];
        known.newest = sql_.first(
            "SELECT place FROM search_documents WHERE workspace_id=$1 AND conversation_id=$2 AND message_id IS NOT NULL"
            " ORDER BY place DESC LIMIT 1",
            read_integer, workspace, conversation);
        known.card = sql_.first(
            "SELECT place, digest FROM search_documents WHERE workspace_id=$1 AND conversation_id=$2 AND message_id IS"
            " NULL",
            [](const Row& row) { return std::pair{row.integer(0), row.integer(1)}; }, workspace, conversation);
    }
    return out;
}

std::map<std::int64_t, SearchTables::Taken> SearchTables::taken(WorkspaceId workspace,
                                                                const std::set<std::int64_t>& firsts) {
    const std::string of_millisecond = "SELECT place, message_id FROM search_documents WHERE " + of_workspace_ +
                                       "place BETWEEN $2 AND $3 AND message_id IS NOT NULL ORDER BY place ";
    const std::string lowest = of_millisecond + "LIMIT 1";
    const std::string highest = of_millisecond + "DESC LIMIT 1";
    std::map<std::int64_t, Taken> out;
    for (const std::int64_t first : firsts) {
        const std::vector<SqlValue> values{sql(workspace), sql(first), sql(first + places_in_millisecond - 1)};
        sql_.run(lowest, values, [&](const Row& row) { out[first].lowest = row.integer(0); });
        if (!out.contains(first)) continue;
        sql_.run(highest, values, [&](const Row& row) {
            out[first].highest = row.integer(0);
            out[first].newest = MessageId{row.uuid(1)};
        });
    }
    return out;
}

std::set<ConversationId> SearchTables::conversations_of(WorkspaceId workspace, const std::set<MessageId>& messages) {
    std::set<ConversationId> out;
    for (const auto& [message, document] : known(workspace, messages))
        out.insert(document.conversation);
    return out;
}

std::vector<MessageId> SearchTables::messages_of(WorkspaceId workspace, ConversationId conversation) {
    return sql_.rows(
        "SELECT message_id FROM search_documents WHERE workspace_id=$1 AND conversation_id=$2 AND message_id IS NOT "
        "NULL"
        " ORDER BY place DESC",
        [](const Row& row) { return MessageId{row.uuid(0)}; }, workspace, conversation);
}

// Above or below all messages of its millisecond.
std::int64_t SearchTables::free_place(WorkspaceId workspace, const SearchDocument& document, Taken& others) {
    const bool is_newest = document.message > others.newest;
    std::int64_t& edge = is_newest ? others.highest : others.lowest;
    const std::int64_t first = place_of(document.position);
    const auto is_there = [](const Row&) { return true; };
    const std::string there = "SELECT 1 FROM search_documents WHERE " + of_workspace_ + "place=$2";
    // Half a million messages of one millisecond: the rest stands beside them.
    do
        edge += is_newest ? 2 : -2;
    while ((edge < first || edge >= first + places_in_millisecond) && sql_.first(there, is_there, workspace, edge));
    if (is_newest) others.newest = document.message;
    return edge;
}

// Messages of one millisecond keep the order of their ids: the feed brings newer ones, the filling older ones, and they
// may bring some of the same millisecond in turn.
void SearchTables::put_new(WorkspaceId workspace, std::vector<const SearchDocument*> documents) {
    const auto put_at = [&](std::int64_t place, const SearchDocument& document) {
        put(workspace, place, document.conversation, document.message, digest_of(document.terms), document.terms);
    };
    std::set<std::int64_t> firsts;
    for (const SearchDocument* document : documents)
        firsts.insert(place_of(document->position));
    auto places = taken(workspace, firsts);
    std::ranges::sort(documents, {}, &SearchDocument::message);
    std::vector<const SearchDocument*> older;
    for (const SearchDocument* document : documents) {
        const std::int64_t middle = place_of(document->position) + places_in_millisecond / 2;
        const auto [others, is_first] =
            places.try_emplace(middle - places_in_millisecond / 2, Taken{middle, middle, document->message});
        if (is_first)
            put_at(middle, *document);
        else if (document->message > others->second.newest)
            put_at(free_place(workspace, *document, others->second), *document);
        else
            older.push_back(document);
    }
    for (const SearchDocument* document : older | std::views::reverse)
        put_at(free_place(workspace, *document, places.at(place_of(document->position))), *document);
}

void SearchTables::write_documents(WorkspaceId workspace, const SearchBatch& batch) {
    std::set<MessageId> messages(batch.gone.begin(), batch.gone.end());
    for (const SearchDocument& document : batch.documents)
        messages.insert(document.message);
    const auto known_ones = known(workspace, messages);
    for (const MessageId& message : batch.gone)
        if (const auto one = known_ones.find(message); one != known_ones.end()) take(workspace, one->second.place);
    std::vector<const SearchDocument*> fresh;
    for (const SearchDocument& document : batch.documents) {
        const std::int64_t digest = digest_of(document.terms);
        const auto one = known_ones.find(document.message);
        if (one == known_ones.end())
            fresh.push_back(&document);
        else if (one->second.digest != digest)  // else a status: nothing of it is searched for
            put(workspace, one->second.place, document.conversation, document.message, digest, document.terms);
    }
    put_new(workspace, std::move(fresh));
}

// The card follows the newest message; without messages there is nothing to show of a contact. All that leave go first:
// where two conversations became one, the place is another's now.
void SearchTables::write_cards(WorkspaceId workspace, const std::map<ConversationId, std::string>& cards) {
    std::set<ConversationId> conversations;
    for (const auto& [conversation, terms] : cards)
        conversations.insert(conversation);
    const auto known_ones = known_cards(workspace, conversations);
    std::map<std::int64_t, std::pair<ConversationId, const std::string*>> wanted;
    for (const auto& [conversation, terms] : cards) {
        const auto known_one = known_ones.find(conversation);
        const auto [newest, card] = known_one == known_ones.end() ? KnownCard{} : known_one->second;
        const bool is_wanted = newest && !terms.empty();
        if (card && is_wanted && *card == std::pair{*newest | 1, digest_of(terms)}) continue;
        if (card) take(workspace, card->first);
        if (is_wanted) wanted[*newest | 1] = {conversation, &terms};
    }
    for (const auto& [place, card] : wanted)
        put(workspace, place, card.first, std::nullopt, digest_of(*card.second), *card.second);
}

void SearchTables::write(WorkspaceId workspace, const SearchBatch& batch, const SearchProgress& progress) {
    begin();
    try {
        write_documents(workspace, batch);
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
