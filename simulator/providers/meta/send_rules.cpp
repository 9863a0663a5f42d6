#include "providers/meta/send_rules.hpp"

#include "core/reading.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::meta {

namespace {

using Wrong = std::optional<Refusal>;

Wrong wrong(const std::string& why) { return Refusal{100, 0, "Param " + why}; }

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_web(const std::string& url) { return url.starts_with("https://") || url.starts_with("http://"); }

template <std::size_t size>
bool is_one_of(const std::string& text, const std::array<std::string_view, size>& list) {
    return std::ranges::find(list, text) != list.end();
}

Wrong check_text(const Account& account, const std::string& text) {
    if (!account.is_instagram() && characters(text) > 2000)
        return wrong("message[text] must be a UTF-8 encoded string of at most 2000 characters");
    if (account.is_instagram() && text.size() > 1000)
        return wrong("message[text] must be a UTF-8 encoded string of at most 1000 bytes");
    return std::nullopt;
}

Wrong check_quick_reply(const Account& account, const json::object& reply) {
    const std::string kind = text_at(reply, "content_type");
    constexpr std::array<std::string_view, 2> of_messenger{"user_phone_number", "user_email"};
    if (is_one_of(kind, of_messenger))
        return account.is_instagram() ? wrong("message[quick_replies] content_type must be text") : std::nullopt;
    if (kind != "text") return wrong("message[quick_replies] content_type is unknown");
    const std::string title = text_at(reply, "title");
    if (title.empty() || characters(title) > 20) return wrong("message[quick_replies] title has 1 to 20 characters");
    if (text_at(reply, "payload").empty() || characters(text_at(reply, "payload")) > 1000)
        return wrong("message[quick_replies] payload has 1 to 1000 characters");
    return std::nullopt;
}

Wrong check_button(const json::object& button) {
    const std::string title = text_at(button, "title");
    if (title.empty() || characters(title) > 20) return wrong("button title has 1 to 20 characters");
    const std::string type = text_at(button, "type");
    const std::string payload = text_at(button, "payload");
    if (type == "web_url") return is_web(text_at(button, "url")) ? std::nullopt : wrong("button url is no web address");
    if (type == "phone_number")
        return payload.starts_with("+") ? std::nullopt : wrong("button payload is no phone number");
    if (type != "postback") return wrong("button type is unknown");
    return payload.empty() || characters(payload) > 1000 ? wrong("button payload has 1 to 1000 characters")
                                                         : std::nullopt;
}

Wrong check_buttons(const json::array& buttons, std::size_t least) {
    if (buttons.size() < least || buttons.size() > 3) return wrong("buttons: 1 to 3 are taken");
    for (const json::value& button : buttons) {
        if (!button.is_object()) return wrong("button must be an object");
        if (auto refusal = check_button(button.get_object())) return refusal;
    }
    return std::nullopt;
}

Wrong check_template(const json::object& payload) {
    const std::string kind = text_at(payload, "template_type");
    if (kind == "button") {
        const std::string text = text_at(payload, "text");
        if (text.empty() || characters(text) > 640) return wrong("template text has 1 to 640 characters");
        return check_buttons(array_at(payload, "buttons"), 1);
    }
    if (kind != "generic") return wrong("template_type is unknown");
    const json::array& elements = array_at(payload, "elements");
    if (elements.empty() || elements.size() > 10) return wrong("elements: 1 to 10 are taken");
    for (const json::value& element : elements) {
        if (!element.is_object()) return wrong("element must be an object");
        const std::string title = text_at(element.get_object(), "title");
        if (title.empty() || characters(title) > 80) return wrong("element title has 1 to 80 characters");
        if (characters(text_at(element.get_object(), "subtitle")) > 80) return wrong("element subtitle is too long");
        if (auto refusal = check_buttons(array_at(element.get_object(), "buttons"), 0)) return refusal;
    }
    return std::nullopt;
}

Wrong check_attachment(const Site& site, const Account& account, const json::object& attachment) {
    const std::string type = text_at(attachment, "type");
    const json::object& payload = object_at(attachment, "payload");
    if (type == "template") return check_template(payload);
    constexpr std::array<std::string_view, 4> types{"image", "audio", "video", "file"};
    if (!is_one_of(type, types)) return wrong("message[attachment][type] is unknown");
    if (const std::string id = text_at(payload, "attachment_id"); !id.empty()) {
        const File* file = site.world.file_by_id(id);
        const bool is_theirs =
            file != nullptr && (file->account_id == account.id || file->account_id == account.page_id);
        if (!is_theirs || file->kind != type) return Refusal{100, 2018047};
        return std::nullopt;
    }
    return is_web(text_at(payload, "url")) ? std::nullopt : Wrong(Refusal{100, 2018034});
}

Wrong check_message(const Site& site, const Account& account, const json::object& message) {
    const std::string text = text_at(message, "text");
    const bool has_attachment = message.contains("attachment");
    if (text.empty() == !has_attachment) return Refusal{100, 2018034};  // one of both
    if (auto refusal = check_text(account, text)) return refusal;
    if (text_at(message, "metadata").size() > 1000) return wrong("message[metadata] is too long");
    const json::array& replies = array_at(message, "quick_replies");
    if (message.contains("quick_replies") && (replies.empty() || replies.size() > 13))
        return wrong("message[quick_replies]: 1 to 13 are taken");
    for (const json::value& reply : replies) {
        if (!reply.is_object()) return wrong("message[quick_replies] holds objects");
        if (auto refusal = check_quick_reply(account, reply.get_object())) return refusal;
    }
    return has_attachment ? check_attachment(site, account, object_at(message, "attachment")) : std::nullopt;
}

Wrong check_kind(const json::object& body) {
    constexpr std::array<std::string_view, 4> kinds{"RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"};
    constexpr std::array<std::string_view, 3> retired{"CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE",
                                                      "ACCOUNT_UPDATE"};
    const std::string kind = text_at(body, "messaging_type");
    const std::string tag = text_at(body, "tag");
    if (!is_one_of(kind, kinds)) return wrong("messaging_type is required");
    if (is_one_of(tag, retired)) return Refusal{100, 1893061};
    if ((kind == "MESSAGE_TAG") != (tag == "HUMAN_AGENT")) return wrong("tag must be HUMAN_AGENT with MESSAGE_TAG");
    if (kind == "UTILITY") return wrong("message[template] is not there");
    return std::nullopt;
}

}  // namespace

Wrong check_body(const Site& site, const Account& account, const json::object& body) {
    const std::string action = text_at(body, "sender_action");
    if (!action.empty()) {
        constexpr std::array<std::string_view, 5> actions{"typing_on", "typing_off", "mark_seen", "react", "unreact"};
        if (body.contains("message") || body.contains("messaging_type"))
            return wrong("sender_action stands alone in its request");
        return is_one_of(action, actions) ? std::nullopt : wrong("sender_action is unknown");
    }
    if (!body.contains("message")) return Refusal{100, 2018034};
    if (auto refusal = check_kind(body)) return refusal;
    return check_message(site, account, object_at(body, "message"));
}

}  // namespace okno::sim::meta
