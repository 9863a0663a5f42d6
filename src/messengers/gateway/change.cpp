// Changes of what the account has written through the gateway.
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/gateway_messenger.hpp"
#include "messengers/gateway/send.hpp"

namespace okno::gateway {

static SendOutcome outcome_of_change(const Shape& shape, const Result<HttpReply>& reply, ChangeKind kind) {
    if (!reply && reply.error().kind != ErrorKind::never_left) return Unanswered{reply.error().detail};
    const bool is_gone = reply && reply->status == 404 && reaction_to(shape, reply) == Reaction::refuse;
    if (is_gone && kind == ChangeKind::remove) return Accepted{};
    if (is_gone) return Rejected{"message_gone", "The gateway has no such message any more."};
    // By its id it would know a message again: nothing is shown twice.
    return outcome_of(shape, reply, "a change");
}

bool GatewayMessenger::changes_sent(const Channel& channel) const { return shape_of(channel).changes_sent(); }

boost::asio::awaitable<SendOutcome> GatewayMessenger::change(OutboundChange change, Channel channel,
                                                             HttpTransport& http) const {
    const Shape& shape = shape_of(channel);
    const auto to = name_to_write_to(change.to);
    if (!to) co_return Rejected{"no_address", "No WhatsApp account of this person is known."};
    if (!shape.changes_sent()) co_return Rejected{"not_changeable", "This gateway changes nothing that was sent."};
    HttpRequest request = shape.request_of(channel, shape.change_call(change, *to, channel));
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return outcome_of_change(shape, reply, change.kind);
}

}  // namespace okno::gateway
