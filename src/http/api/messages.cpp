// Writing to a customer, notes, and what to do with a message that did not arrive.
#include "app/await.hpp"
#include "app/change_message.hpp"
#include "app/compose.hpp"
#include "http/api/endpoints.hpp"
#include "http/api/objects.hpp"
#include "http/api/purpose.hpp"
#include "http/api/rich_messages.hpp"
#include "http/api/template_message.hpp"
#include "http/body_reader.hpp"

#include <algorithm>
#include <array>

namespace okno::http {

namespace json = boost::json;

constexpr std::size_t most_text = 65'536;

static std::optional<MessageId> message_id(BodyReader& body, const std::string& name) {
    const std::string text = body.text(name, 0, 64);
    if (text.empty()) return std::nullopt;
    const auto id = parse_uuid(text);
    if (!id) {
        body.wrong(name, name + ": expected the id of a message");
        return std::nullopt;
    }
    return MessageId{*id};
}

static void read_reaction(BodyReader& body, Transaction& tx, NewMessage& wanted) {
    BodyReader part = body.part("reaction", true);
    const auto target = message_id(part, "message_id");
    wanted.text = part.text("emoji", 0, 16);
    const auto message = target ? tx.message(*target) : std::nullopt;
    if (!message || message->conversation != wanted.conversation || message->provider_id.value().empty())
        return body.wrong("reaction.message_id", "There is no such message to react to.");
    wanted.content = json::serialize(json::object{
        {"message_id", message->provider_id.value()}, {"emoji", wanted.text}, {"target", message->id.value().text()}});
}

static void read_location(BodyReader& body, NewMessage& wanted) {
    BodyReader part = body.part("location", true);
    if (!body.is_good()) return;
    const auto latitude = part.view()["latitude"].number();
    const auto longitude = part.view()["longitude"].number();
    if (!latitude || *latitude < -90 || *latitude > 90)
        return body.wrong("location.latitude", "location.latitude: expected degrees from -90 to 90");
    if (!longitude || *longitude < -180 || *longitude > 180)
        return body.wrong("location.longitude", "location.longitude: expected degrees from -180 to 180");
    json::object content{{"latitude", *latitude}, {"longitude", *longitude}};
    for (const char* field : {"name", "address"})
        if (const std::string text = part.text(field, 0, 1000); !text.empty()) content[field] = text;
    wanted.content = json::serialize(content);
}

constexpr std::array<std::string_view, 5> file_types{"image", "video", "audio", "document", "sticker"};

static void read_file(BodyReader& body, NewMessage& wanted) {
    const auto id = parse_uuid(body.text("upload_id", 1, 64));
    if (!id) return body.wrong("upload_id", "upload_id: expected the id of an upload");
    wanted.media = MediaId{*id};
    wanted.text = body.text("text", 0, 1024);
    // Kept so that a repeated client_id with another file is told apart.
    wanted.content = json::serialize(json::object{{"upload_id", id->text()}});
}

static Result<NewMessage> read_message(const Call& call, Transaction& tx, ConversationId conversation) {
    BodyReader body(call.body);
    NewMessage wanted;
    wanted.conversation = conversation;
    wanted.client_id = body.text("client_id", 1, 100);
    wanted.type = body.text("type", 1, 20);
    wanted.reply_to = message_id(body, "reply_to");
    wanted.seen = message_id(body, "seen_message_id");
    read_purpose(body, wanted);
    wanted.author = {AuthorKind::person, call.caller.user.id, call.caller.user.name};
    const auto answered = wanted.reply_to ? tx.message(*wanted.reply_to) : std::nullopt;
    if (wanted.reply_to && (!answered || answered->conversation != conversation))
        body.wrong("reply_to", "reply_to: there is no such message in this conversation");
    if (!body.is_good()) return body.error();
    if (wanted.type == "text")
        wanted.text = body.text("text", 1, most_text);
    else if (wanted.type == "template")
        wanted.content = template_content(body);
    else if (wanted.type == "reaction")
        read_reaction(body, tx, wanted);
    else if (wanted.type == "location")
        read_location(body, wanted);
    else if (wanted.type == "interactive")
        read_choices(body, wanted);
    else if (wanted.type == "contacts")
        read_contacts(body, wanted);
    else if (std::ranges::find(file_types, wanted.type) != file_types.end())
        read_file(body, wanted);
    else
        body.wrong("type",
                   "type: expected text, template, image, video, audio, document, sticker, interactive, contacts, "
                   "reaction or location");
    if (!body.is_good()) return body.error();
    return wanted;
}

static Result<const Messenger*> messenger_of(const Call& call, Transaction& tx, ConversationId id) {
    const auto conversation = tx.conversation(id, std::nullopt);
    const auto channel = conversation ? tx.channel(conversation->channel) : std::nullopt;
    if (!conversation) return fail(ErrorKind::not_found, "not_found", "There is no such conversation.");
    const Messenger* messenger = channel ? call.services->find(channel->messenger) : nullptr;
    if (messenger == nullptr)
        return fail(ErrorKind::conflict, "channel_gone", "The channel of this conversation was disconnected.");
    return messenger;
}

static Reply composed_reply(const Call& call, Transaction& tx, const Composed& composed) {
    ObjectWriter writer(tx, call.services->find, call.now);
    return json_reply(composed.is_new ? 201 : 200, writer.message(composed.message));
}

static Reply colleague_answered(const Call& call, Transaction& tx, const Error& error, const NewMessage& wanted) {
    Error told = error;
    told.where.clear();
    json::object more{{"yours", json::object{{"type", wanted.type}, {"text", wanted.text}}}};
    const auto id = parse_uuid(error.where);
    if (const auto theirs = id ? tx.message(MessageId{*id}) : std::nullopt)
        more["theirs"] = ObjectWriter(tx, call.services->find, call.now).message(*theirs);
    return problem(409, told, more);
}

static Result<Reply> queue_message(const Call& call, StoreSession& session, ConversationId id,
                                   const std::string& rendered) {
    Transaction& tx = session.in(call.caller.user.workspace);
    const auto messenger = messenger_of(call, tx, id);
    if (!messenger) return std::unexpected(messenger.error());
    Result<NewMessage> wanted = read_message(call, tx, id);
    if (!wanted) return std::unexpected(wanted.error());
    if (wanted->type == "template") wanted->text = rendered;
    const Result<Composed> composed = compose(tx, **messenger, *wanted, call.now);
    if (!composed && composed.error().code == "colleague_answered")
        return colleague_answered(call, tx, composed.error(), *wanted);
    if (!composed) return std::unexpected(composed.error());
    return composed_reply(call, tx, *composed);
}

static boost::asio::awaitable<std::optional<Channel>> channel_of(std::shared_ptr<const Call> call, ConversationId id) {
    auto reading = read(call->services->store, [call, id](StoreSession& session) {
        Transaction& tx = session.in(call->caller.user.workspace);
        const auto conversation = tx.conversation(id, std::nullopt);
        return conversation ? tx.channel(conversation->channel) : std::nullopt;
    });
    std::optional<Channel> channel = co_await std::move(reading);
    co_return channel;
}

static boost::asio::awaitable<Result<Reply>> send_message(std::shared_ptr<const Call> call) {
    const auto id = call->path_id<ConversationId>();
    if (!id) co_return std::unexpected(id.error());
    std::string rendered;
    if (JsonView(call->body)["type"].text_or("") == "template") {
        auto finding = channel_of(call, *id);
        const std::optional<Channel> channel = co_await std::move(finding);
        if (!channel) co_return fail(ErrorKind::not_found, "not_found", "There is no such conversation.");
        auto rendering = rendered_template(call, *channel);
        Result<std::string> text = co_await std::move(rendering);
        if (!text) co_return std::unexpected(text.error());
        rendered = std::move(*text);
    }
    auto queueing = write(call->services->store, [call, id = *id, rendered](StoreSession& session) {
        return queue_message(*call, session, id, rendered);
    });
    Result<Reply> reply = co_await std::move(queueing);
    call->services->outbox_changed();
    co_return reply;
}

static Result<Reply> write_note(const Call& call, StoreSession& session) {
    const auto id = call.path_id<ConversationId>();
    if (!id) return std::unexpected(id.error());
    BodyReader body(call.body);
    NewMessage wanted;
    wanted.conversation = *id;
    wanted.client_id = body.text("client_id", 1, 100);
    wanted.text = body.text("text", 1, most_text);
    wanted.author = {AuthorKind::person, call.caller.user.id, call.caller.user.name};
    if (!body.is_good()) return body.error();
    Transaction& tx = session.in(call.caller.user.workspace);
    const Result<Composed> composed = okno::write_note(tx, wanted, call.now);
    if (!composed) return std::unexpected(composed.error());
    return composed_reply(call, tx, *composed);
}

static Result<Reply> message_reply(const Call& call, Transaction& tx, const Result<Message>& message) {
    if (!message) return std::unexpected(message.error());
    return json_reply(200, ObjectWriter(tx, call.services->find, call.now).message(*message));
}

static Result<Reply> retry_message(const Call& call, StoreSession& session) {
    const auto id = call.path_id<MessageId>();
    if (!id) return std::unexpected(id.error());
    BodyReader body(call.body);
    if (!body.has("attempt")) body.wrong("attempt", "attempt is missing: give the number of the attempt you saw");
    const auto attempt = static_cast<int>(body.whole("attempt", 1, 1'000'000, 1));
    const bool confirm_unknown = body.flag("confirm_unknown");
    if (!body.is_good()) return body.error();
    Transaction& tx = session.in(call.caller.user.workspace);
    const auto message = tx.message(*id);
    if (!message) return fail(ErrorKind::not_found, "not_found", "There is no such message.");
    const auto messenger = messenger_of(call, tx, message->conversation);
    if (!messenger) return std::unexpected(messenger.error());
    return message_reply(call, tx, retry(tx, **messenger, *id, attempt, confirm_unknown, call.now));
}

static Result<Reply> settle_message(const Call& call, StoreSession& session) {
    const auto id = call.path_id<MessageId>();
    if (!id) return std::unexpected(id.error());
    BodyReader body(call.body);
    const std::string outcome = body.text("outcome", 1, 20);
    if (outcome != "sent" && outcome != "not_sent") body.wrong("outcome", "outcome: expected sent or not_sent");
    if (!body.is_good()) return body.error();
    Transaction& tx = session.in(call.caller.user.workspace);
    return message_reply(call, tx, settle(tx, *id, outcome == "sent", call.now));
}

static Result<Reply> cancel_message(const Call& call, StoreSession& session) {
    const auto id = call.path_id<MessageId>();
    if (!id) return std::unexpected(id.error());
    const Result<Message> message = take_back(session.in(call.caller.user.workspace), *id, call.now);
    if (!message) return std::unexpected(message.error());
    return no_content();
}

static Result<Reply> change_message(const Call& call, StoreSession& session) {
    const auto id = call.path_id<MessageId>();
    if (!id) return std::unexpected(id.error());
    BodyReader body(call.body);
    const auto kind = read_change_kind(body.text("kind", 1, 20));
    if (!kind) body.wrong("kind", "kind: expected edit or remove");
    const bool is_edit = kind == ChangeKind::edit;
    const std::string text = body.text("text", is_edit ? 1 : 0, most_text);
    if (!body.is_good()) return body.error();
    Transaction& tx = session.in(call.caller.user.workspace);
    const auto message = tx.message(*id);
    if (!message) return fail(ErrorKind::not_found, "not_found", "There is no such message.");
    const auto messenger = messenger_of(call, tx, message->conversation);
    if (!messenger) return std::unexpected(messenger.error());
    const Author author{AuthorKind::person, call.caller.user.id, call.caller.user.name};
    return message_reply(call, tx, want_change(tx, **messenger, *id, *kind, is_edit ? text : "", author, call.now));
}

static Result<Reply> forget_wanted_change(const Call& call, StoreSession& session) {
    const auto id = call.path_id<MessageId>();
    if (!id) return std::unexpected(id.error());
    Transaction& tx = session.in(call.caller.user.workspace);
    return message_reply(call, tx, forget_change(tx, *id));
}

std::vector<Endpoint> message_endpoints() {
    return {
        {"POST", "/api/v1/conversations/{id}/messages", Access::member, Wait{send_message}},
        {"POST", "/api/v1/conversations/{id}/notes", Access::member, Write{write_note}},
        {"POST", "/api/v1/messages/{id}/retry", Access::member, Write{retry_message, true}},
        {"POST", "/api/v1/messages/{id}/settle", Access::member, Write{settle_message, true}},
        {"DELETE", "/api/v1/messages/{id}", Access::member, Write{cancel_message, true}},
        {"PUT", "/api/v1/messages/{id}/change", Access::member, Write{change_message, true}},
        {"DELETE", "/api/v1/messages/{id}/change", Access::member, Write{forget_wanted_change, true}},
    };
}

}  // namespace okno::http
