#include "messengers/max/change.hpp"

#include "messengers/max/address.hpp"

namespace okno::max {

namespace json = boost::json;

HttpRequest request_for(const OutboundChange& change, const Channel& channel) {
    const Query which{{"message_id", name_of(change.target).mid}};
    if (change.kind == ChangeKind::remove) return api_request(channel, "DELETE", "/messages", which);
    return api_request(channel, "PUT", "/messages", which, json::object{{"text", change.text}});
}

SendOutcome outcome_of(const Result<HttpReply>& reply, ChangeKind kind) {
    if (answer_of(reply)) return Accepted{};
    if (!reply && reply.error().kind != ErrorKind::never_left) return Unanswered{reply.error().detail};
    if (reaction_to(reply) != Reaction::no_quote) return failure_of(reply);
    if (kind == ChangeKind::remove) return Accepted{};
    return Rejected{"message_gone", answer_of(reply).error().detail};
}

}  // namespace okno::max
