#include "providers/telegram/refusals.hpp"

#include <fmt/format.h>

namespace okno::sim::telegram {

Refusal bad_request(std::string_view words) { return {400, fmt::format("Bad Request: {}", words)}; }

Refusal forbidden(std::string_view words) { return {403, fmt::format("Forbidden: {}", words)}; }

Refusal too_many_requests(std::int64_t retry_after) {
    return {429, fmt::format("Too Many Requests: retry after {}", retry_after), retry_after};
}

net::ServerReply reply_of(const Answer& answer, std::string_view description) {
    if (!answer) return reply_of(answer.error());
    json::object body{{"ok", true}, {"result", *answer}};
    if (!description.empty()) body["description"] = description;
    return json_reply(200, body);
}

net::ServerReply reply_of(const Refusal& refusal) {
    json::object body{{"ok", false}, {"error_code", refusal.code}, {"description", refusal.description}};
    if (refusal.retry_after > 0) body["parameters"] = {{"retry_after", refusal.retry_after}};
    net::ServerReply reply = json_reply(refusal.code, body);
    if (refusal.retry_after > 0) reply.headers.set("Retry-After", std::to_string(refusal.retry_after));
    return reply;
}

}  // namespace okno::sim::telegram
