// Changes of what the account has written through the gateway.
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/gateway_messenger.hpp"

namespace okno::gateway {

namespace json = boost::json;

namespace {

// "true_79004445566@c.us_3EB0...": ours, whoever made its id.
std::string path_of(const OutboundChange& change, const std::string& chat, const Channel& channel) {
    return "/api/" + session_of(channel) + "/chats/" + chat + "/messages/true_" + chat + "_" + change.target.value();
}

SendOutcome outcome_of_change(const Result<HttpReply>& reply, ChangeKind kind) {
    if (!reply && reply.error().kind != ErrorKind::never_left) return Unanswered{reply.error().detail};
    const bool is_gone = reply && reply->status == 404 && reaction_to(reply) == Reaction::refuse;
    if (is_gone && kind == ChangeKind::remove) return Accepted{};
    if (is_gone) return Rejected{"message_gone", "The gateway has no such message any more."};
    // By its id it would know a message again: nothing is shown twice.
    return outcome_of(reply, "a change");
}

}  // namespace

boost::asio::awaitable<SendOutcome> GatewayMessenger::change(OutboundChange change, Channel channel,
                                                             HttpTransport& http) const {
    const auto chat = chat_for(change.to);
    if (!chat) co_return Rejected{"no_address", "No WhatsApp account of this person is known."};
    const bool is_edit = change.kind == ChangeKind::edit;
    const json::value body = is_edit ? json::value(json::object{{"text", change.text}}) : json::value(nullptr);
    HttpRequest request = api_request(channel, is_edit ? "PUT" : "DELETE", path_of(change, *chat, channel), body);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return outcome_of_change(reply, change.kind);
}

}  // namespace okno::gateway
