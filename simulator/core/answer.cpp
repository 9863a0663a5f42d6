#include "core/answer.hpp"

namespace okno::sim {

net::ServerReply json_reply(int status, const json::value& body) {
    return raw_json_reply(status, json::serialize(body));
}

net::ServerReply raw_json_reply(int status, std::string body) {
    net::ServerReply reply;
    reply.status = status;
    reply.headers.set("Content-Type", "application/json; charset=UTF-8");
    reply.headers.set("Cache-Control", "no-store");
    reply.body = std::move(body);
    return reply;
}

net::ServerReply file_reply(std::string_view content_type, std::string body) {
    net::ServerReply reply;
    reply.headers.set("Content-Type", std::string(content_type));
    reply.headers.set("X-Content-Type-Options", "nosniff");
    reply.body = std::move(body);
    return reply;
}

net::ServerReply refusal(int status, std::string_view sentence) {
    return json_reply(status, json::object{{"error", sentence}});
}

std::vector<std::string> path_parts(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view part = path.substr(0, slash);
        if (!part.empty()) parts.emplace_back(part);
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
    }
    return parts;
}

}  // namespace okno::sim
