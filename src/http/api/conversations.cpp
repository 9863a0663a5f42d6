// The list of conversations, one of them, and what was read or done.
#include "app/await.hpp"
#include "app/done.hpp"
#include "base/log.hpp"
#include "http/api/endpoints.hpp"
#include "http/api/list_query.hpp"
#include "http/api/objects.hpp"
#include "http/body_reader.hpp"

namespace okno::http {

namespace json = boost::json;

constexpr std::size_t most_draft = 65'536;

static std::unexpected<Error> no_conversation() {
    return fail(ErrorKind::not_found, "not_found", "There is no such conversation.");
}

static Result<Reply> list_conversations(const Call& call, StoreSession& session) {
    const Result<ConversationQuery> query = read_conversation_query(call.request);
    if (!query) return std::unexpected(query.error());
    Transaction& tx = session.in(call.caller.user.workspace);
    ObjectWriter writer(tx, call.services->find, call.now);
    const auto found = tx.conversations(*query, call.caller.user.id);
    json::array items;
    for (const Conversation& conversation : found)
        items.push_back(writer.conversation(conversation));
    std::optional<std::string> next;
    if (static_cast<int>(found.size()) == query->limit) next = write_cursor(found.back().updated_at, found.back().id);
    return json_reply(200, list_object(std::move(items), next));
}

static Result<Reply> get_conversation(const Call& call, StoreSession& session) {
    const auto id = call.path_id<ConversationId>();
    Transaction& tx = session.in(call.caller.user.workspace);
    const auto conversation = id ? tx.conversation(*id, call.caller.user.id) : std::nullopt;
    if (!conversation) return no_conversation();
    return json_reply(200, ObjectWriter(tx, call.services->find, call.now).conversation(*conversation));
}

static Result<Reply> list_messages(const Call& call, StoreSession& session) {
    const auto id = call.path_id<ConversationId>();
    Transaction& tx = session.in(call.caller.user.workspace);
    if (!id || !tx.conversation(*id, std::nullopt)) return no_conversation();
    std::string_view cursor_text = call.request.query_value("before");
    if (cursor_text.empty()) cursor_text = call.request.query_value("cursor");
    const auto cursor = read_cursor(cursor_text);
    if (!cursor) return std::unexpected(cursor.error());
    const auto limit = read_limit(call.request);
    if (!limit) return std::unexpected(limit.error());
    std::optional<std::pair<Timestamp, MessageId>> before;
    if (*cursor) before = std::pair{(*cursor)->first, MessageId{(*cursor)->second}};
    const auto found = tx.messages(*id, before, *limit);
    ObjectWriter writer(tx, call.services->find, call.now);
    json::array items;
    for (const Message& message : found)
        items.push_back(writer.message(message));
    std::optional<std::string> next;
    if (static_cast<int>(found.size()) == *limit) next = write_cursor(found.back().position, found.back().id);
    return json_reply(200, list_object(std::move(items), next));
}

static Result<Reply> post_done(const Call& call, StoreSession& session) {
    const auto id = call.path_id<ConversationId>();
    if (!id || !mark_done(session.in(call.caller.user.workspace), *id)) return no_conversation();
    return no_content();
}

static Result<Reply> delete_done(const Call& call, StoreSession& session) {
    const auto id = call.path_id<ConversationId>();
    if (!id || !undo_done(session.in(call.caller.user.workspace), *id)) return no_conversation();
    return no_content();
}

static Result<Reply> put_draft(const Call& call, StoreSession& session) {
    const auto id = call.path_id<ConversationId>();
    Transaction& tx = session.in(call.caller.user.workspace);
    if (!id || !tx.conversation(*id, std::nullopt)) return no_conversation();
    BodyReader body(call.body);
    for (const char* field : {"text", "note"})
        if (!body.has(field)) body.wrong(field, std::string(field) + " is missing");
    const Draft draft{body.text("text", 0, most_draft), body.text("note", 0, most_draft)};
    if (!body.is_good()) return body.error();
    tx.save_draft(*id, call.caller.user.id, draft, call.now);
    return no_content();
}

// The newest message of the customer, for the provider's read mark.
static std::optional<ProviderMessageId> newest_inbound(Transaction& tx, ConversationId id) {
    for (const Message& message : tx.messages(id, std::nullopt, 20))
        if (message.direction == Direction::inbound && !message.provider_id.value().empty()) return message.provider_id;
    return std::nullopt;
}

struct ReadMark {
    std::optional<Channel> channel;
    std::optional<ProviderMessageId> message;
    std::vector<Address> person;
    bool is_found = false;
};

// The reader's own mark is committed and answered even when the provider's fails: that one is a courtesy.
static boost::asio::awaitable<Result<Reply>> mark_read(std::shared_ptr<const Call> call) {
    Services& services = *call->services;
    const auto id = call->path_id<ConversationId>();
    if (!id) co_return std::unexpected(id.error());
    auto marking = write(services.store, [call, id = *id](StoreSession& session) {
        Transaction& tx = session.in(call->caller.user.workspace);
        ReadMark mark;
        const auto conversation = tx.conversation(id, call->caller.user.id);
        if (!conversation) return mark;
        mark.is_found = true;
        if (conversation->unread == 0) return mark;
        tx.mark_read(id, call->caller.user.id);
        tx.note_change("conversation", id.value());
        mark.channel = tx.channel(conversation->channel);
        mark.message = newest_inbound(tx, id);
        mark.person = tx.addresses_of(conversation->identity);
        return mark;
    });
    const ReadMark mark = co_await std::move(marking);
    if (!mark.is_found) co_return no_conversation();
    const Messenger* messenger = mark.channel ? services.find(mark.channel->messenger) : nullptr;
    if (messenger != nullptr && mark.message && mark.channel->state != ChannelState::broken) {
        auto telling = messenger->mark_read_of(mark.person, *mark.message, *mark.channel, services.transport);
        const Result<void> told = co_await std::move(telling);
        if (!told) log(LogLevel::info, "a read mark was not taken", {{"code", told.error().code}});
    }
    co_return no_content();
}

// A courtesy: what the provider answers changes nothing here.
static boost::asio::awaitable<Result<Reply>> show_typing(std::shared_ptr<const Call> call) {
    Services& services = *call->services;
    const auto id = call->path_id<ConversationId>();
    if (!id) co_return std::unexpected(id.error());
    auto finding = read(services.store, [call, id = *id](StoreSession& session) {
        Transaction& tx = session.in(call->caller.user.workspace);
        ReadMark mark;
        const auto conversation = tx.conversation(id, std::nullopt);
        if (!conversation) return mark;
        mark.is_found = true;
        mark.channel = tx.channel(conversation->channel);
        mark.message = newest_inbound(tx, id);
        mark.person = tx.addresses_of(conversation->identity);
        return mark;
    });
    const ReadMark mark = co_await std::move(finding);
    if (!mark.is_found) co_return no_conversation();
    const Messenger* messenger = mark.channel ? services.find(mark.channel->messenger) : nullptr;
    if (messenger != nullptr && mark.message && mark.channel->state == ChannelState::connected) {
        auto telling = messenger->show_typing_to(mark.person, *mark.message, *mark.channel, services.transport);
        co_await std::move(telling);
    }
    co_return no_content();
}

std::vector<Endpoint> conversation_endpoints() {
    return {
        {"GET", "/api/v1/conversations", Access::member, Read{list_conversations}},
        {"GET", "/api/v1/conversations/{id}", Access::member, Read{get_conversation}},
        {"GET", "/api/v1/conversations/{id}/messages", Access::member, Read{list_messages}},
        {"POST", "/api/v1/conversations/{id}/done", Access::member, Write{post_done}},
        {"DELETE", "/api/v1/conversations/{id}/done", Access::member, Write{delete_done}},
        {"PUT", "/api/v1/conversations/{id}/draft", Access::member, Write{put_draft}},
        {"POST", "/api/v1/conversations/{id}/read", Access::member, Wait{mark_read}},
        {"POST", "/api/v1/conversations/{id}/typing", Access::member, Wait{show_typing}},
    };
}

}  // namespace okno::http
