#include "providers/telegram/markup_rules.hpp"

#include "core/reading.hpp"
#include "providers/telegram/call.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace okno::sim::telegram {

namespace {

constexpr std::size_t kMostButtons = 100;
constexpr std::size_t kMostDataBytes = 64;
constexpr std::size_t kMostCopied = 256;

// What a button of an inline keyboard may do.
constexpr std::string_view kActions[] = {"callback_data",
                                         "url",
                                         "web_app",
                                         "login_url",
                                         "switch_inline_query",
                                         "switch_inline_query_current_chat",
                                         "switch_inline_query_chosen_chat",
                                         "copy_text",
                                         "callback_game",
                                         "pay"};
constexpr std::string_view kStyles[] = {"danger", "success", "primary"};

// A host with a dot in it, or any tg:// link.
bool is_link(std::string_view url, bool needs_https) {
    if (url.find_first_of(" \n\t") != std::string_view::npos) return false;
    if (url.starts_with("tg://")) return !needs_https && url.size() > 5;
    const std::string_view scheme = url.starts_with("https://") ? "https://" : "http://";
    if (!url.starts_with(scheme) || (needs_https && scheme != "https://")) return false;
    url.remove_prefix(scheme.size());
    const std::string_view host = url.substr(0, url.find_first_of("/?#:"));
    return host.find('.') != std::string_view::npos && !host.starts_with('.') && !host.ends_with('.');
}

Problem check_action(std::string_view action, const json::object& button) {
    if (action == "callback_data") {
        const std::size_t bytes = text_at(button, action).size();
        if (bytes == 0 || bytes > kMostDataBytes) return bad_request("BUTTON_DATA_INVALID");
    }
    if (action == "url" && !is_link(text_at(button, action), false)) return bad_request("BUTTON_URL_INVALID");
    if ((action == "web_app" || action == "login_url") && !is_link(text_at(object_at(button, action), "url"), true))
        return bad_request("BUTTON_URL_INVALID");
    if (action == "copy_text") {
        const std::size_t length = text_at(object_at(button, action), "text").size();
        if (length == 0 || length > kMostCopied) return bad_request("BUTTON_COPY_TEXT_INVALID");
    }
    return std::nullopt;
}

Problem check_style(const json::object& button) {
    const std::string style = text_at(button, "style");
    if (style.empty() || std::ranges::find(kStyles, style) != std::end(kStyles)) return std::nullopt;
    return bad_request("can't parse keyboard button: invalid button style specified");
}

Problem check_inline_button(const json::value& given) {
    if (!given.is_object()) return bad_request("can't parse inline keyboard button: expected an Object");
    const json::object& button = given.get_object();
    if (text_at(button, "text").empty())
        return bad_request("can't parse inline keyboard button: Field \"text\" must be a non-empty String");
    std::string_view chosen;
    for (const std::string_view action : kActions) {
        if (!button.contains(action)) continue;
        if (!chosen.empty()) return bad_request("BUTTON_TYPE_INVALID");
        chosen = action;
    }
    if (chosen.empty())
        return bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
    if (const Problem wrong = check_style(button)) return wrong;
    return check_action(chosen, button);
}

Problem check_reply_button(const json::value& given) {
    if (given.is_string())
        return given.get_string().empty() ? Problem(bad_request("BUTTON_TEXT_INVALID")) : std::nullopt;
    if (!given.is_object()) return bad_request("can't parse keyboard button: expected an Object or a String");
    if (text_at(given.get_object(), "text").empty())
        return bad_request("can't parse keyboard button: Field \"text\" must be a non-empty String");
    return check_style(given.get_object());
}

// Every button through `check`, in rows; how many there were.
std::expected<std::size_t, Refusal> check_rows(const json::value& rows, Problem (*check)(const json::value&)) {
    if (!rows.is_array()) return std::unexpected(bad_request("can't parse keyboard: expected an Array of Array"));
    std::size_t count = 0;
    for (const json::value& row : rows.get_array()) {
        if (!row.is_array()) return std::unexpected(bad_request("can't parse keyboard: expected an Array of Array"));
        for (const json::value& button : row.get_array()) {
            if (const Problem wrong = check(button)) return std::unexpected(*wrong);
            ++count;
        }
    }
    if (count > kMostButtons) return std::unexpected(bad_request("reply markup is too long"));
    return count;
}

json::object with_button_objects(const json::object& markup) {
    json::object out = markup;
    for (json::value& row : out["keyboard"].as_array())
        for (json::value& button : row.as_array())
            if (button.is_string()) button = json::object{{"text", button.get_string()}};
    return out;
}

}  // namespace

std::expected<json::object, Refusal> check_markup(const json::value& given, bool is_business) {
    if (given.is_null()) return json::object();
    if (!given.is_object()) return std::unexpected(bad_request("object expected as reply markup"));
    const json::object& markup = given.get_object();
    if (const json::value* rows = markup.if_contains("inline_keyboard")) {
        const auto count = check_rows(*rows, check_inline_button);
        if (!count) return std::unexpected(count.error());
        return *count == 0 ? json::object() : json::object{{"inline_keyboard", *rows}};
    }
    if (markup.empty()) return json::object();
    if (is_business) return std::unexpected(bad_request("REPLY_MARKUP_INVALID"));
    if (const json::value* rows = markup.if_contains("keyboard")) {
        const auto count = check_rows(*rows, check_reply_button);
        if (!count) return std::unexpected(count.error());
        return *count == 0 ? json::object() : with_button_objects(markup);
    }
    if (markup.contains("remove_keyboard") || markup.contains("force_reply")) return markup;
    return std::unexpected(bad_request("can't parse reply markup: unknown kind of keyboard"));
}

}  // namespace okno::sim::telegram
