#include "providers/telegram/phone_view.hpp"

#include "core/reading.hpp"

#include <algorithm>

namespace okno::sim::telegram {

namespace {

constexpr std::string_view kFileKinds[] = {"animation", "photo",    "video",      "voice",
                                           "audio",     "document", "video_note", "sticker"};

// Rows of what is written on the buttons and what each does.
json::array shown_rows(const json::object& markup, std::string_view name) {
    json::array rows;
    for (const json::value& row : array_at(markup, name)) {
        json::array shown;
        for (const json::value& given : row.as_array()) {
            json::object button = given.as_object();
            if (button.contains("callback_data")) button["data"] = button["callback_data"];
            shown.push_back(std::move(button));
        }
        rows.push_back(std::move(shown));
    }
    return rows;
}

// The file a phone shows: of a photo the largest.
json::object shown_media(const Message& message) {
    for (const std::string_view kind : kFileKinds) {
        const json::value* found = message.content.if_contains(kind);
        if (found == nullptr) continue;
        const json::object& file = found->is_array() ? found->get_array().back().get_object() : found->get_object();
        json::object out = file;
        out.erase("thumbnail");
        out["kind"] = kind;
        out["file"] = text_at(file, "file_unique_id");
        return out;
    }
    return {};
}

std::string shown_text(const json::object& content) {
    const std::string text = text_at(content, "text");
    return text.empty() ? text_at(content, "caption") : text;
}

json::object seen(Site& site, const Message& message) {
    const json::object& content = message.content;
    json::object out{{"id", message.id},
                     {"n", message.sequence},
                     {"direction", message.from_person ? "from_customer" : "from_business"},
                     {"type", message.type},
                     {"text", shown_text(content)},
                     {"status", message.is_read ? "read" : "delivered"},
                     {"at", to_rfc3339(message.at)}};
    for (const std::string_view name :
         {"entities", "caption_entities", "location", "venue", "contact", "media_group_id", "forward_origin", "quote"})
        if (content.contains(name)) out[name] = content.at(name);
    if (json::object media = shown_media(message); !media.empty()) out["media"] = std::move(media);
    if (message.markup.contains("inline_keyboard")) out["buttons"] = shown_rows(message.markup, "inline_keyboard");
    if (message.markup.contains("keyboard")) out["keyboard"] = shown_rows(message.markup, "keyboard");
    if (message.by_bot && !message.chat.connection.empty()) out["by_bot"] = true;
    if (message.is_deleted) out["deleted"] = true;
    if (message.edited_at) out["edited"] = true;
    if (!message.emoji_of_bot.empty()) out["emoji_of_business"] = message.emoji_of_bot;
    if (!message.emoji_of_person.empty()) out["emoji_of_customer"] = message.emoji_of_person;
    if (!message.answer.empty()) out["answer"] = message.answer;
    if (message.reply_to != 0) {
        json::object quote{{"id", message.reply_to}};
        if (const Message* original = site.world.message(message.chat, message.reply_to)) {
            quote["text"] = shown_text(original->content);
            quote["from_customer"] = original->from_person;
            quote["type"] = original->type;
        }
        out["reply_to"] = std::move(quote);
    }
    return out;
}

}  // namespace

json::object phone_view(Site& site, const ChatKey& key, std::int64_t since) {
    static const Chat nothing;
    const Chat* found = site.world.chat(key);
    const Chat& chat = found == nullptr ? nothing : *found;
    const bool acts = chat.typing_until_ms > site.core.journal.elapsed();
    json::object view{{"version", site.world.version},
                      {"now", to_rfc3339(site.now())},
                      {"typing", acts},
                      {"started", chat.is_started},
                      {"blocked", chat.is_blocked},
                      {"keyboard", shown_rows(chat.keyboard, "keyboard")}};
    if (acts) view["action"] = chat.action;
    if (since == site.world.version) return view;
    json::array messages;
    for (const auto& [id, message] : chat.messages)
        messages.push_back(seen(site, message));
    view["messages"] = std::move(messages);
    return view;
}

}  // namespace okno::sim::telegram
