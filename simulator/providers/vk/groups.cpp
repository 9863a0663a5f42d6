#include "providers/vk/groups.hpp"

#include "providers/vk/events.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::vk {

namespace {

constexpr std::size_t kMostServers = 10;
constexpr std::size_t kMostTitle = 14;
constexpr std::size_t kMostSecret = 50;

constexpr std::array<std::string_view, 12> kEvents{
    "message_new",  "message_reply",        "message_edit",           "message_allow", "message_deny", "message_event",
    "message_read", "message_typing_state", "message_reaction_event", "group_join",    "group_leave",  "user_block"};

json::object shown(const CallbackServer& server) {
    return {{"id", server.id},   {"title", server.title},           {"creator_id", 1},
            {"url", server.url}, {"secret_key", server.secret_key}, {"status", server.status}};
}

std::optional<Refusal> check_server(const Call& call) {
    const std::string url = call.text("url");
    if (!url.starts_with("https://") && !url.starts_with("http://")) return Refusal{100, "url is invalid"};
    if (call.text("title").empty() || call.text("title").size() > kMostTitle) return Refusal{100, "title is invalid"};
    if (call.text("secret_key").size() > kMostSecret) return Refusal{100, "secret_key is too long"};
    return std::nullopt;
}

void switch_events(std::set<std::string, std::less<>>& events, const Call& call) {
    for (const std::string_view event : kEvents) {
        if (!call.has(event)) continue;
        if (call.flag(event))
            events.emplace(event);
        else
            events.erase(std::string(event));
    }
}

}  // namespace

Answer get_users(Site& site, const Call& call) {
    json::array out;
    for (const std::int64_t id : numbers_in(call.text("user_ids"))) {
        const auto person = site.world.people.find(id);
        if (person == site.world.people.end()) continue;
        json::object user{{"id", id},
                          {"first_name", person->second.first_name},
                          {"last_name", person->second.last_name},
                          {"can_access_closed", true},
                          {"is_closed", false}};
        if (person->second.is_deleted) user["deactivated"] = "deleted";
        out.push_back(std::move(user));
    }
    return json::value(std::move(out));
}

Answer get_group(Site&, const Call& call) {
    json::object group{{"id", call.group->id},
                       {"name", call.group->name},
                       {"screen_name", call.group->screen_name},
                       {"is_closed", 0},
                       {"type", "group"}};
    return json::value{{"groups", json::array{std::move(group)}}, {"profiles", json::array()}};
}

Answer token_permissions(Site&, const Call& call) {
    json::array permissions;
    for (const std::string& name : call.group->tokens.at(call.token))
        permissions.push_back(json::object{{"name", name}, {"setting", 4096}});
    return json::value{{"mask", 4096}, {"permissions", std::move(permissions)}};
}

Answer confirmation_code(Site&, const Call& call) { return json::value{{"code", call.group->confirmation_code}}; }

Answer add_server(Site& site, const Call& call) {
    if (auto refusal = check_server(call)) return std::unexpected(std::move(*refusal));
    if (call.group->servers.size() >= kMostServers) return refuse(2000);
    CallbackServer server;
    server.id = ++call.group->last_server_id;
    server.url = call.text("url");
    server.title = call.text("title");
    server.secret_key = call.text("secret_key");
    const std::int64_t id = server.id;
    call.group->servers.push_back(std::move(server));
    confirm(site, *call.group, id);
    return json::value{{"server_id", id}};
}

Answer edit_server(Site& site, const Call& call) {
    if (auto refusal = check_server(call)) return std::unexpected(std::move(*refusal));
    CallbackServer* server = call.group->server(call.number("server_id").value_or(0));
    if (server == nullptr) return refuse(104);
    server->url = call.text("url");
    server->title = call.text("title");
    server->secret_key = call.text("secret_key");
    confirm(site, *call.group, server->id);
    return json::value(1);
}

Answer delete_server(Site&, const Call& call) {
    const std::int64_t id = call.number("server_id").value_or(0);
    if (call.group->server(id) == nullptr) return refuse(104);
    std::erase_if(call.group->servers, [&](const CallbackServer& one) { return one.id == id; });
    return json::value(1);
}

Answer list_servers(Site&, const Call& call) {
    json::array items;
    for (const CallbackServer& server : call.group->servers)
        items.push_back(shown(server));
    return json::value{{"count", items.size()}, {"items", items}};
}

Answer set_callback_settings(Site&, const Call& call) {
    CallbackServer* server = call.group->server(call.number("server_id").value_or(0));
    if (server == nullptr) return refuse(104);
    if (call.has("api_version")) server->api_version = call.text("api_version");
    switch_events(server->events, call);
    return json::value(1);
}

Answer long_poll_server(Site& site, const Call& call) {
    if (!call.group->long_poll.is_enabled) return refuse(100, "longpoll for this group is not enabled");
    return json::value{{"key", call.group->long_poll.key},
                       {"server", site.core.public_url + "/vk-lp/" + std::to_string(call.group->id)},
                       {"ts", std::to_string(call.group->long_poll.ts)}};
}

Answer set_long_poll_settings(Site&, const Call& call) {
    LongPoll& poll = call.group->long_poll;
    if (call.has("enabled")) poll.is_enabled = call.flag("enabled");
    switch_events(poll.events, call);
    return json::value(1);
}

}  // namespace okno::sim::vk
