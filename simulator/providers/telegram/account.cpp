#include "providers/telegram/account.hpp"

#include "providers/telegram/objects.hpp"
#include "providers/telegram/text.hpp"

#include <algorithm>

namespace okno::sim::telegram {

namespace {

constexpr std::size_t kMostCommands = 100;

Problem check_command(const json::value& given) {
    if (!given.is_object()) return bad_request("can't parse BotCommand: expected an Object");
    std::string command = text_at(given.get_object(), "command");
    if (command.starts_with('/')) command.erase(0, 1);
    const bool is_name = !command.empty() && command.size() <= 32 && std::ranges::all_of(command, [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (!is_name) return bad_request("BOT_COMMAND_INVALID");
    const std::size_t length = utf16_length(text_at(given.get_object(), "description"));
    if (length == 0 || length > 256) return bad_request("BOT_COMMAND_DESCRIPTION_INVALID");
    return std::nullopt;
}

}  // namespace

Answer get_me(Site&, Call& call) {
    json::object out = user_object(*call.bot);
    out["can_join_groups"] = true;
    out["can_read_all_group_messages"] = false;
    out["supports_inline_queries"] = false;
    out["can_connect_to_business"] = call.bot->can_connect_to_business;
    out["has_main_web_app"] = false;
    return out;
}

Answer set_commands(Site&, Call& call) {
    auto given = call.structure("commands");
    if (!given) return std::unexpected(given.error());
    if (!given->is_array()) return std::unexpected(bad_request("can't parse commands JSON object"));
    if (given->get_array().size() > kMostCommands) return std::unexpected(bad_request("BOT_COMMANDS_TOO_MUCH"));
    for (const json::value& one : given->get_array())
        if (const Problem wrong = check_command(one)) return std::unexpected(*wrong);
    call.bot->commands = given->get_array();
    return true;
}

Answer profile_photos(Site& site, Call& call) {
    if (site.world.person(call.number("user_id")) == nullptr) return std::unexpected(bad_request("user not found"));
    return json::object{{"total_count", 0}, {"photos", json::array()}};
}

}  // namespace okno::sim::telegram
