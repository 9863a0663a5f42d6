#include "providers/gateway/green_api/call.hpp"

namespace okno::sim::gateway::green_api {

// It writes the whole path, token and all, into its refusals.
net::ServerReply bad_request(const Call& call, std::string_view message) {
    return json_reply(400, {{"statusCode", 400},
                            {"timestamp", "2026-11-22T10:00:00.000Z"},
                            {"path", call.request.path},
                            {"message", message}});
}

net::ServerReply spent_quota(std::string_view method) {
    return json_reply(466, {{"invokeStatus", json::object{{"method", method}, {"used", 3}, {"total", 3}}},
                            {"correspondentsStatus",
                             json::object{{"status", "CORRESPONDENTS_QUOTE_EXCEEDED"},
                                          {"description", "You have reached the chat limit on your tariff"}}}});
}

std::optional<net::ServerReply> not_ready(const Session& session, const Call& call) {
    if (session.status == "WORKING" || session.status == "LIMITED") return std::nullopt;
    if (session.status == "STARTING") return bad_request(call, "instance in starting process try later");
    return bad_request(call, "instance account not authorized");
}

}  // namespace okno::sim::gateway::green_api
