#include "providers/gateway/waha/call.hpp"

#include <charconv>

namespace okno::sim::gateway::waha {

std::int64_t Call::number(std::string_view name, std::int64_t otherwise) const {
    const std::string_view text = request.query_value(name);
    std::int64_t out = otherwise;
    if (!text.empty()) std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

net::ServerReply unauthorized() { return json_reply(401, {{"message", "Unauthorized"}, {"statusCode", 401}}); }

net::ServerReply no_such_session(std::string_view name) {
    return json_reply(404, {{"message", "Session \"" + std::string(name) + "\" does not exist"},
                            {"error", "Not Found"},
                            {"statusCode", 404}});
}

net::ServerReply not_ready(const Session& session) {
    return json_reply(422, {{"error", "Session status is not as expected. Try again later or restart the session"},
                            {"session", session.name},
                            {"status", session.status},
                            {"expected", json::array{"WORKING"}}});
}

net::ServerReply bad_request(const std::vector<std::string>& reasons) {
    return json_reply(
        400, {{"statusCode", 400}, {"message", json::array(reasons.begin(), reasons.end())}, {"error", "Bad Request"}});
}

std::expected<Session*, net::ServerReply> working_session(Site& site, std::string_view name) {
    const auto found = site.world.sessions.find(name);
    if (found == site.world.sessions.end()) return std::unexpected(no_such_session(name));
    if (found->second.status != "WORKING") return std::unexpected(not_ready(found->second));
    return &found->second;
}

}  // namespace okno::sim::gateway::waha
