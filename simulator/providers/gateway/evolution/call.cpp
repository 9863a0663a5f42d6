#include "providers/gateway/evolution/call.hpp"

namespace okno::sim::gateway::evolution {

namespace {

std::string_view name_of(int status) {
    switch (status) {
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 429: return "Too Many Requests";
        default: return "Internal Server Error";
    }
}

}  // namespace

net::ServerReply refused(int status, json::value said) {
    return json_reply(
        status,
        {{"status", status}, {"error", name_of(status)}, {"response", json::object{{"message", std::move(said)}}}});
}

net::ServerReply lacks(std::string_view property) {
    json::array wrongs;
    wrongs.emplace_back("instance requires property \"" + std::string(property) + "\"");
    json::array lists;
    lists.emplace_back(std::move(wrongs));
    return refused(400, std::move(lists));
}

}  // namespace okno::sim::gateway::evolution
