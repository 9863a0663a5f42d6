#include "messengers/viber/welcome.hpp"

#include "messengers/split_text.hpp"
#include "messengers/viber/keyboard.hpp"
#include "messengers/viber/text.hpp"

namespace okno::viber {

namespace json = boost::json;

namespace {

constexpr std::string_view start = "start";
constexpr std::size_t most_token = 200;  // on a button

std::unexpected<Error> wrong(const std::string& name, const std::string& detail) {
    return fail(ErrorKind::invalid, "invalid", detail, "settings." + name);
}

std::string setting_in(const std::map<std::string, std::string>& settings, const std::string& name) {
    const auto found = settings.find(name);
    return found == settings.end() ? std::string() : found->second;
}

}  // namespace

json::object sender_of(const Channel& channel) {
    const std::string own = channel.setting("sender_name");
    const std::string name = own.empty() ? channel.name : own;
    json::object out{{"name", name.empty() ? "Bot" : split_text(name, most_sender).front()}};
    if (const std::string avatar = channel.setting("sender_avatar"); !avatar.empty()) out["avatar"] = avatar;
    return out;
}

std::string welcome_for(const JsonView& callback, const Channel& channel) {
    const std::string text = channel.setting("welcome_text");
    if (text.empty() || callback["subscribed"].boolean() == true) return {};
    const std::string token = callback["context"].text_or("");
    Tracking tracking{.token = token};
    json::object message{{"sender", sender_of(channel)}, {"type", "text"}, {"text", text}, {"min_api_version", 1}};
    if (const std::string words = channel.setting("welcome_button"); !words.empty()) {
        const bool fits = !token.empty() && token.size() <= most_token;
        const std::vector<Choice> choices{{std::string(start) + (fits ? ":" + token : ""), words}};
        tracking.has_choices = true;
        tracking.choices = choices;
        message["keyboard"] = keyboard_of(choices);
    }
    message["tracking_data"] = write_tracking(tracking);
    return json::serialize(message);
}

std::string token_in(const std::string& payload) {
    const std::string begin = std::string(start) + ":";
    return payload.starts_with(begin) ? payload.substr(begin.size()) : std::string();
}

Result<void> check_settings(const std::map<std::string, std::string>& settings) {
    constexpr std::size_t most_words = 60;
    if (characters(setting_in(settings, "sender_name")) > most_sender)
        return wrong("sender_name", "`sender_name` has at most 28 characters in Viber.");
    const std::string avatar = setting_in(settings, "sender_avatar");
    if (!avatar.empty() && !avatar.starts_with("https://"))
        return wrong("sender_avatar", "`sender_avatar` is the address of a picture and begins with https://.");
    if (characters(setting_in(settings, "welcome_text")) > most_text)
        return wrong("welcome_text", "`welcome_text` has at most 7000 characters in Viber.");
    if (characters(setting_in(settings, "welcome_button")) > most_words)
        return wrong("welcome_button", "`welcome_button` has at most 60 characters.");
    return {};
}

}  // namespace okno::viber
