#include "providers/telegram/editing.hpp"

#include "providers/telegram/destination.hpp"
#include "providers/telegram/markup_rules.hpp"
#include "providers/telegram/objects.hpp"
#include "providers/telegram/text.hpp"

#include <algorithm>

namespace okno::sim::telegram {

namespace {

constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kLongestCaption = 1024;
constexpr std::size_t kLongestNotice = 200;
constexpr auto kDeletable = 48h;
constexpr auto kQueryLife = 150s;
constexpr std::int64_t kTypingMs = 5'000;

constexpr std::string_view kActions[] = {"typing",        "upload_photo",      "record_video",     "upload_video",
                                         "record_voice",  "upload_voice",      "upload_document",  "choose_sticker",
                                         "find_location", "record_video_note", "upload_video_note"};

constexpr std::string_view kReactions[] = {
    "❤",  "👍", "👎", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱",         "🤬", "😢",         "🎉", "🤩", "🤮",
    "💩", "🙏", "👌", "🕊", "🤡", "🥱", "🥴", "😍", "🐳", "❤‍🔥", "🌚", "🌭",         "💯", "🤣", "⚡",
    "🍌", "🏆", "💔", "🤨", "😐", "🍓", "🍾", "💋", "🖕", "😈",         "😴", "😭",         "🤓", "👻", "👨‍💻",
    "👀", "🎃", "🙈", "😇", "😨", "🤝", "✍",  "🤗", "🫡", "🎅",         "🎄", "☃",          "💅", "🤪", "🗿",
    "🆒", "💘", "🙉", "🦄", "😘", "💊", "🙊", "😎", "👾", "🤷‍♂", "🤷", "🤷‍♀", "😡"};

// The bot's own message that shall change.
std::expected<Message*, Refusal> find_own(Site& site, Call& call) {
    if (call.args.contains("inline_message_id")) return std::unexpected(bad_request("MESSAGE_ID_INVALID"));
    const auto key = find_chat(site, call);
    if (!key) return std::unexpected(key.error());
    Message* message = site.world.message(*key, call.number("message_id"));
    if (message == nullptr) return std::unexpected(bad_request("message to edit not found"));
    const bool has_other_keyboard = !message->markup.empty() && !message->markup.contains("inline_keyboard");
    if (!message->by_bot || has_other_keyboard) return std::unexpected(bad_request("message can't be edited"));
    return message;
}

Answer change(Site& site, Call& call, Message& message, const std::string& name, const Text* text) {
    auto given = call.structure("reply_markup");
    if (!given) return std::unexpected(given.error());
    const auto markup = check_markup(*given, true);  // no edit can bring a reply keyboard
    if (!markup) return std::unexpected(markup.error());
    const std::string entities = name == "text" ? "entities" : "caption_entities";
    json::object content = message.content;
    if (text != nullptr) {
        content.erase(name);
        content.erase(entities);
        if (!text->text.empty()) content[name] = text->text;
        if (!text->entities.empty()) content[entities] = text->entities;
    }
    if (content == message.content && *markup == message.markup)
        return std::unexpected(bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a current "
            "content and reply markup of the message"));
    message.content = std::move(content);
    message.markup = *markup;
    if (text != nullptr) message.edited_at = site.now();
    ++site.world.version;
    call.entry["message_id"] = message.id;
    return message_object(site, message);
}

}  // namespace

Answer edit_text(Site& site, Call& call) {
    auto text = read_text(call.text("text"), call.text("parse_mode"), call.args.if_contains("entities"));
    if (!text) return std::unexpected(text.error());
    if (text->text.empty()) return std::unexpected(bad_request("message text is empty"));
    if (utf16_length(text->text) > kLongestText) return std::unexpected(bad_request("message is too long"));
    const auto message = find_own(site, call);
    if (!message) return std::unexpected(message.error());
    if (!(*message)->content.contains("text"))
        return std::unexpected(bad_request("there is no text in the message to edit"));
    return change(site, call, **message, "text", &*text);
}

Answer edit_caption(Site& site, Call& call) {
    auto text = read_text(call.text("caption"), call.text("parse_mode"), call.args.if_contains("caption_entities"));
    if (!text) return std::unexpected(text.error());
    if (utf16_length(text->text) > kLongestCaption) return std::unexpected(bad_request("message caption is too long"));
    const auto message = find_own(site, call);
    if (!message) return std::unexpected(message.error());
    static constexpr std::string_view captioned[] = {"photo", "video", "audio", "voice", "document", "animation"};
    if (std::ranges::find(captioned, (*message)->type) == std::end(captioned))
        return std::unexpected(bad_request("there is no caption in the message to edit"));
    return change(site, call, **message, "caption", &*text);
}

Answer edit_markup(Site& site, Call& call) {
    const auto message = find_own(site, call);
    if (!message) return std::unexpected(message.error());
    return change(site, call, **message, "text", nullptr);
}

Answer delete_message(Site& site, Call& call) {
    const auto key = find_chat(site, call);
    if (!key) return std::unexpected(key.error());
    Message* message = site.world.message(*key, call.number("message_id"));
    if (message == nullptr) return std::unexpected(bad_request("message to delete not found"));
    if (site.now() > message->at + kDeletable) return std::unexpected(bad_request("message can't be deleted"));
    message->is_deleted = true;
    ++site.world.version;
    call.entry["message_id"] = message->id;
    return true;
}

// Of one chat, all or none. What the bot did not write needs another right.
Answer delete_business_messages(Site& site, Call& call) {
    constexpr std::size_t kMost = 100;
    const auto given = call.structure("message_ids");
    if (!given) return std::unexpected(given.error());
    const json::array ids = given->is_array() ? given->get_array() : json::array();
    if (ids.empty() || ids.size() > kMost) return std::unexpected(bad_request("message identifiers are not specified"));
    const auto connection = site.world.connections.find(call.text("business_connection_id"));
    if (connection == site.world.connections.end() || connection->second.bot != call.bot->id)
        return std::unexpected(bad_request("business connection not found"));
    if (!connection->second.is_enabled) return std::unexpected(bad_request("BUSINESS_CONNECTION_INVALID"));
    std::vector<Message*> wanted;
    for (const json::value& id : ids)
        for (auto& [key, chat] : site.world.chats)
            if (key.connection == connection->first)
                if (Message* message = site.world.message(key, number_at({{"id", id}}, "id")))
                    wanted.push_back(message);
    if (wanted.size() < ids.size()) return std::unexpected(bad_request("message to delete not found"));
    for (const Message* message : wanted) {
        const char* right = message->by_bot ? "can_delete_sent_messages" : "can_delete_all_messages";
        if (!flag_at(connection->second.rights, right))
            return std::unexpected(bad_request("not enough rights to act for the business account"));
        if (message->chat != wanted.front()->chat)
            return std::unexpected(bad_request("messages must be from one chat"));
        if (site.now() > message->at + kDeletable) return std::unexpected(bad_request("message can't be deleted"));
    }
    for (Message* message : wanted)
        message->is_deleted = true;
    ++site.world.version;
    return true;
}

Answer set_reaction(Site& site, Call& call) {
    auto given = call.structure("reaction");
    if (!given) return std::unexpected(given.error());
    const json::array reactions = given->is_array() ? given->get_array() : json::array();
    if (reactions.size() > 1) return std::unexpected(bad_request("REACTIONS_TOO_MANY"));
    std::string emoji;
    if (!reactions.empty()) {
        emoji = reactions[0].is_object() ? text_at(reactions[0].get_object(), "emoji") : "";
        if (std::ranges::find(kReactions, emoji) == std::end(kReactions))
            return std::unexpected(bad_request("REACTION_INVALID"));
    }
    const auto key = find_chat(site, call);
    if (!key) return std::unexpected(key.error());
    Message* message = site.world.message(*key, call.number("message_id"));
    if (message == nullptr) return std::unexpected(bad_request("message to react not found"));
    message->emoji_of_bot = emoji;
    ++site.world.version;
    call.entry["message_id"] = message->id;
    return true;
}

Answer send_action(Site& site, Call& call) {
    const std::string action = call.text("action");
    if (std::ranges::find(kActions, action) == std::end(kActions))
        return std::unexpected(bad_request("wrong parameter action in request"));
    const auto key = find_chat(site, call);
    if (!key) return std::unexpected(key.error());
    Chat& chat = site.world.chats[*key];
    chat.action = action;
    chat.typing_until_ms = site.core.journal.elapsed() + kTypingMs;
    ++site.world.version;
    return true;
}

Answer answer_callback(Site& site, Call& call) {
    if (utf16_length(call.text("text")) > kLongestNotice) return std::unexpected(bad_request("MESSAGE_TOO_LONG"));
    const auto query = site.world.queries.find(call.text("callback_query_id"));
    const bool is_known = query != site.world.queries.end() && query->second.chat.bot == call.bot->id &&
                          site.now() < query->second.at + kQueryLife;
    if (!is_known)
        return std::unexpected(bad_request("query is too old and response timeout expired or query ID is invalid"));
    call.entry["chat"] = query->second.chat.person;
    if (Message* message = site.world.message(query->second.chat, query->second.message))
        message->answer = {{"query", query->first}, {"text", call.text("text")}, {"alert", call.flag("show_alert")}};
    ++site.world.version;
    return true;
}

Answer read_business_message(Site& site, Call& call) {
    if (call.text("business_connection_id").empty())
        return std::unexpected(bad_request("business connection not found"));
    const auto key = find_chat(site, call, "can_read_messages");
    if (!key) return std::unexpected(key.error());
    const std::int64_t last = call.number("message_id");
    if (site.world.message(*key, last) == nullptr) return std::unexpected(bad_request("message not found"));
    for (auto& [id, message] : site.world.chats[*key].messages)
        if (id <= last && message.from_person) message.is_read = true;
    ++site.world.version;
    return true;
}

}  // namespace okno::sim::telegram
