#include "providers/viber/phone_view.hpp"

#include "core/reading.hpp"
#include "providers/viber/chats.hpp"

namespace okno::sim::viber {

namespace {

constexpr std::int64_t kColumns = 6;

// Buttons as they stand in rows.
json::array rows_of(const json::object& whole) {
    json::array rows;
    std::int64_t filled = kColumns;
    for (const json::value& one : array_at(whole, "Buttons")) {
        const json::object& button = one.get_object();
        const std::int64_t columns = number_at(button, "Columns", kColumns);
        if (filled + columns > kColumns) {
            rows.emplace_back(json::array());
            filled = 0;
        }
        filled += columns;
        json::object shown{{"text", text_at(button, "Text")}, {"action", text_at(button, "ActionType")}};
        if (text_at(button, "ActionType") == "open-url") shown["url"] = text_at(button, "ActionBody");
        rows.back().get_array().push_back(std::move(shown));
    }
    return rows;
}

json::object media_of(const Message& message) {
    const std::string type = text_at(message.body, "type");
    if (type == "sticker")
        return {{"kind", "sticker"},
                {"url", "/viber-stickers/" + std::to_string(number_at(message.body, "sticker_id")) + ".png"}};
    std::string link = message.file_link;
    if (message.from_person) {
        const std::string media = text_at(message.body, "media");
        link = media.substr(media.rfind('/') + 1);
    }
    return {{"kind", type}, {"url", "/sim/viber/files/" + link}, {"file_name", text_at(message.body, "file_name")}};
}

bool has_media(const Message& message) {
    const std::string type = text_at(message.body, "type");
    return type == "picture" || type == "video" || type == "file" || type == "sticker";
}

json::object seen(const Message& message) {
    json::object out{{"id", std::to_string(message.token)},
                     {"direction", message.from_person ? "from_customer" : "from_business"},
                     {"type", text_at(message.body, "type")},
                     {"text", text_at(message.body, "text")},
                     {"status", message.is_seen        ? "seen"
                                : message.is_delivered ? "delivered"
                                                       : "sent"},
                     {"at", to_rfc3339(message.at)}};
    if (message.is_welcome) out["welcome"] = true;
    if (has_media(message)) out["media"] = media_of(message);
    if (text_at(message.body, "type") == "url") out["url"] = text_at(message.body, "media");
    for (const std::string_view name : {"location", "contact", "sender", "tracking_data", "keyboard"})
        if (message.body.contains(name)) out[name] = message.body.at(name);
    if (const json::object& rich = object_at(message.body, "rich_media"); !rich.empty()) out["buttons"] = rows_of(rich);
    return out;
}

}  // namespace

json::object phone_view(Site& site, const Bot& bot, const Person& person, std::int64_t since) {
    const Chat& chat = chat_of(site, bot, person);
    json::object view{
        {"version", site.world.version},    {"now", to_rfc3339(site.now())},     {"open", chat.is_open},
        {"subscribed", chat.is_subscribed}, {"can_write", !bot.webhook.empty()}, {"keyboard", rows_of(chat.keyboard)}};
    if (since == site.world.version) return view;
    json::array messages;
    for (const Message& message : chat.messages)
        if (message.is_shown) messages.push_back(seen(message));
    view["messages"] = std::move(messages);
    return view;
}

}  // namespace okno::sim::viber
