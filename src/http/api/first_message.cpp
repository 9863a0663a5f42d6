// Writing first: a template to a phone number that may never have written to us.
#include "app/await.hpp"
#include "app/compose.hpp"
#include "http/api/endpoints.hpp"
#include "http/api/objects.hpp"
#include "http/api/purpose.hpp"
#include "http/api/template_message.hpp"

namespace okno::http {

namespace {

struct FirstMessage {
    ChannelId channel;
    std::string phone;  // as typed
    NewMessage message;
};

Result<FirstMessage> read_first_message(const Call& call) {
    BodyReader body(call.body);
    FirstMessage out;
    const auto channel = parse_uuid(body.text("channel_id", 1, 64));
    if (!channel) body.wrong("channel_id", "channel_id: expected the id of a channel");
    out.phone = body.text("phone", 3, 40);
    out.message.client_id = body.text("client_id", 1, 100);
    out.message.type = "template";
    out.message.content = template_content(body);
    read_purpose(body, out.message);
    out.message.author = {AuthorKind::person, call.caller.user.id, call.caller.user.name};
    if (!body.is_good()) return body.error();
    out.channel = ChannelId{*channel};
    return out;
}

// Through what, and to whom.
struct Way {
    Channel channel;
    const Messenger* messenger;
    Address person;
};

Result<Way> find_way(const Call& call, Transaction& tx, const FirstMessage& first) {
    const auto channel = tx.channel(first.channel);
    const Messenger* messenger = channel ? call.services->find(channel->messenger) : nullptr;
    if (messenger == nullptr) return fail(ErrorKind::not_found, "not_found", "There is no such channel.", "channel_id");
    const Result<Address> address = messenger->address_of_phone(first.phone);
    if (!address) {
        Error error = address.error();
        error.where = "phone";
        return std::unexpected(error);
    }
    return Way{*channel, messenger, *address};
}

// The channel, if its rules let the person be written to.
Result<Channel> open_channel(const Call& call, StoreSession& session, const FirstMessage& first) {
    Transaction& tx = session.in(call.caller.user.workspace);
    const Result<Way> way = find_way(call, tx, first);
    if (!way) return std::unexpected(way.error());
    const auto may_start = check_start(tx, *way->messenger, way->channel, way->person, first.message, call.now);
    if (!may_start) return std::unexpected(may_start.error());
    return way->channel;
}

Result<Reply> queue_first_message(const Call& call, StoreSession& session, const FirstMessage& first) {
    Transaction& tx = session.in(call.caller.user.workspace);
    const Result<Way> way = find_way(call, tx, first);
    if (!way) return std::unexpected(way.error());
    const Result<Composed> composed =
        start_conversation(tx, *way->messenger, way->channel, way->person, first.message, call.now);
    if (!composed) return std::unexpected(composed.error());
    const auto stored = tx.conversation(composed->message.conversation, call.caller.user.id);
    return json_reply(composed->is_new ? 201 : 200,
                      ObjectWriter(tx, call.services->find, call.now).conversation(*stored));
}

boost::asio::awaitable<Result<Reply>> write_first(std::shared_ptr<const Call> call) {
    Result<FirstMessage> first = read_first_message(*call);
    if (!first) co_return std::unexpected(first.error());
    auto finding = read(call->services->store,
                        [call, first = *first](StoreSession& session) { return open_channel(*call, session, first); });
    const Result<Channel> channel = co_await std::move(finding);
    if (!channel) co_return std::unexpected(channel.error());
    auto rendering = rendered_template(call, *channel);
    Result<std::string> text = co_await std::move(rendering);
    if (!text) co_return std::unexpected(text.error());
    first->message.text = std::move(*text);
    auto queueing = write(call->services->store, [call, first = *first](StoreSession& session) {
        return queue_first_message(*call, session, first);
    });
    Result<Reply> reply = co_await std::move(queueing);
    call->services->outbox_changed();
    co_return reply;
}

}  // namespace

std::vector<Endpoint> first_message_endpoints() {
    return {{"POST", "/api/v1/conversations", Access::member, Wait{write_first}}};
}

}  // namespace okno::http
