// The search field: messages and contacts, newest first.
#include "http/api/endpoints.hpp"
#include "http/api/list_query.hpp"
#include "http/api/objects.hpp"

#include <charconv>
#include <set>

namespace okno::http {

namespace json = boost::json;

static Result<SearchQuery> read_query(const Call& call) {
    SearchQuery query;
    query.workspace = call.caller.user.workspace;
    query.text = call.request.query_value("q");
    if (query.text.find_first_not_of(" \t\r\n") == std::string::npos)
        return fail(ErrorKind::invalid, "invalid", "q: expected what to look for", "q");
    const std::string_view cursor = call.request.query_value("cursor");
    if (!cursor.empty()) {
        std::int64_t before = 0;
        const auto read = std::from_chars(cursor.data(), cursor.data() + cursor.size(), before);
        if (read.ec != std::errc{} || read.ptr != cursor.data() + cursor.size())
            return fail(ErrorKind::invalid, "invalid", "The cursor is none that this server gave.", "cursor");
        query.before = before;
    }
    const auto limit = read_limit(call.request);
    if (!limit) return std::unexpected(limit.error());
    query.limit = *limit;
    return query;
}

static Result<Reply> search(const Call& call, StoreSession& session) {
    Result<SearchQuery> query = read_query(call);
    if (!query) return std::unexpected(query.error());
    Transaction& tx = session.in(query->workspace);
    for (const Channel& channel : tx.channels())
        query->channels.emplace_back(channel.name, channel.id);
    const Result<SearchPage> page = call.services->search.find(*query);
    if (!page) return std::unexpected(page.error());
    std::set<MessageId> messages;
    std::set<ConversationId> conversations;
    for (const SearchHit& hit : page->hits) {
        messages.insert(hit.message);
        conversations.insert(hit.conversation);
    }
    tx.look_ahead_for(call.caller.user.id, messages, conversations);
    ObjectWriter writer(tx, call.services->find, call.now);
    json::array items;
    for (const SearchHit& hit : page->hits) {
        // The index may be a moment behind: what is gone or deleted meanwhile is not shown.
        const auto message = tx.message(hit.message);
        if (!message || message->is_deleted) continue;
        const auto conversation = tx.conversation(message->conversation, call.caller.user.id);
        if (!conversation) continue;
        items.push_back(json::object{{"conversation", writer.conversation(*conversation)},
                                     {"message", writer.message(*message)},
                                     {"snippet", call.services->search.snippet(query->text, message->text)}});
    }
    const auto next = page->next ? std::optional(std::to_string(*page->next)) : std::nullopt;
    return json_reply(200, list_object(std::move(items), next));
}

std::vector<Endpoint> search_endpoints() { return {{"GET", "/api/v1/search", Access::member, Read{search}}}; }

}  // namespace okno::http
