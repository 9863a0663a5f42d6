// Writing first: a template to a phone number that may never have written to us.
#include "app/await.hpp"
#include "app/compose.hpp"
#include "http/api/endpoints.hpp"
#include "http/api/objects.hpp"
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
    out.message.author = {AuthorKind::person, call.caller.user.id, call.caller.user.name};
    if (!body.is_good()) return body.error();
    out.channel = ChannelId{*channel};
    return out;
}

Result<Reply> queue_first_message(const Call& call, StoreSession& session, FirstMessage first) {
    Transaction& tx = session.in(call.caller.user.workspace);
    const auto channel = tx.channel(first.channel);
    const Messenger* messenger = channel ? call.services->find(channel->messenger) : nullptr;
    if (messenger == nullptr) return fail(ErrorKind::not_found, "not_found", "There is no such channel.", "channel_id");
    const Result<Address> address = messenger->address_of_phone(first.phone);
    if (!address) {
        Error error = address.error();
        error.where = "phone";
        return std::unexpected(error);
    }
    const Conversation conversation = tx.conversation_of(first.channel, {{*address}, {}}, call.now);
    first.message.conversation = conversation.id;
    const Result<Composed> composed = compose(tx, *messenger, first.message, call.now);
    if (!composed) return std::unexpected(composed.error());
    const auto stored = tx.conversation(conversation.id, call.caller.user.id);
    return json_reply(composed->is_new ? 201 : 200,
                      ObjectWriter(tx, call.services->find, call.now).conversation(*stored));
}

boost::asio::awaitable<Result<Reply>> start_conversation(std::shared_ptr<const Call> call) {
    Result<FirstMessage> first = read_first_message(*call);
    if (!first) co_return std::unexpected(first.error());
    auto finding = read(call->services->store, [call, id = first->channel](StoreSession& session) {
        return session.in(call->caller.user.workspace).channel(id);
    });
    const std::optional<Channel> channel = co_await std::move(finding);
    if (!channel) co_return fail(ErrorKind::not_found, "not_found", "There is no such channel.", "channel_id");
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
    return {{"POST", "/api/v1/conversations", Access::member, Wait{start_conversation}}};
}

}  // namespace okno::http
