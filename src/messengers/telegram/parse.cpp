#include "messengers/telegram/parse.hpp"

#include "messengers/full_name.hpp"

#include <boost/json.hpp>

namespace okno::telegram {

namespace json = boost::json;

namespace {

using Events = std::vector<ProviderEvent>;

std::optional<Timestamp> time_of(const JsonView& seconds) {
    const auto whole = seconds.integer();
    constexpr std::int64_t year_9999 = 253'402'300'799;
    if (!whole || *whole <= 0 || *whole > year_9999) return std::nullopt;
    return Timestamp{std::chrono::seconds{*whole}};
}

// "First Last", else the user name, else the number.
std::string name_of_user(const JsonView& user) {
    std::string name = full_name(user);
    if (name.empty() && user["username"].is_there()) name = "@" + user["username"].text_or("");
    return name.empty() ? "id " + user["id"].text_or("") : name;
}

Result<Chat> private_chat(const JsonView& message) {
    const auto id = message["chat"]["id"].required_text();
    if (!id) return std::unexpected(id.error());
    if (id->empty()) return fail(ErrorKind::invalid, "missing_field", "`chat.id` is empty.", "chat.id");
    return Chat{message["business_connection_id"].text_or(""), *id};
}

bool is_private(const JsonView& chat) { return chat["type"].text_or("private") == "private"; }

// "/start token": the person came by a link that carries the token, or pressed Start.
bool is_start(const std::string& text) { return text == "/start" || text.starts_with("/start "); }

// What Telegram writes into a chat by itself and says nothing to us.
bool is_service_note(const JsonView& message) {
    for (const char* field : {"pinned_message", "message_auto_delete_timer_changed", "chat_background_set",
                              "connected_website", "paid_message_price_changed"})
        if (message[field].is_there()) return true;
    return false;
}

ProviderEvent wants_messages(const Chat& chat, bool is_blocked, std::optional<Timestamp> time) {
    PersonNotice notice;
    notice.from.addresses = {chat.address()};
    notice.is_blocked = is_blocked;
    notice.provider_time = time;
    return {{}, notice};
}

// The beginning of a conversation and not a text to answer. Start also ends a blocking, of which the news may be late.
Events start_of(InboundMessage inbound, const Chat& chat) {
    constexpr std::size_t command = std::string_view("/start ").size();
    inbound.referral = inbound.text.size() > command ? inbound.text.substr(command) : std::string();
    inbound.is_event = true;
    inbound.type = "started";
    inbound.content = json::serialize(json::object{{"referral", inbound.referral}});
    inbound.text.clear();
    const auto time = inbound.provider_time;
    return {{{}, std::move(inbound)}, wants_messages(chat, false, time)};
}

Result<Events> message_of(const JsonView& message) {
    if (!is_private(message["chat"]) || is_service_note(message)) return Events{};
    const auto chat = private_chat(message);
    if (!chat) return std::unexpected(chat.error());
    const auto id = message["message_id"].required_text();
    if (!id) return std::unexpected(id.error());
    if (message["write_access_allowed"].is_there())
        return Events{wants_messages(*chat, false, time_of(message["date"]))};
    // In a business chat the owner writes by hand too, and what our bot sent comes back.
    const bool is_ours = !chat->connection.empty() && message["from"]["id"].text_or("") != chat->id;
    if (is_ours && message["sender_business_bot"].is_there()) return Events{};
    InboundMessage inbound;
    inbound.from.addresses = {chat->address()};
    inbound.from.name = name_of_user(is_ours ? message["chat"] : message["from"]);
    inbound.provider_id = chat->message(*id);
    inbound.author = is_ours ? AuthorKind::phone : AuthorKind::customer;
    inbound.opens_window = !is_ours;
    inbound.provider_time = time_of(message["date"]);
    if (const auto quoted = message["reply_to_message"]["message_id"].text()) inbound.reply_to = chat->message(*quoted);
    read_content(message, inbound);
    if (chat->connection.empty() && inbound.type == "text" && is_start(inbound.text))
        return start_of(std::move(inbound), *chat);
    return Events{{{}, inbound}};
}

// `update`: its number, by which a repetition is known. It begins anew after a week of silence, the date does not.
std::string key_of_change(const char* what, const std::string& update, const JsonView& date) {
    return std::string(what) + ":" + update + ":" + date.text_or("");
}

// A place that moves is edited at each step: there is no new text in that.
Result<Events> edit_of(const JsonView& message, const std::string& update) {
    if (!is_private(message["chat"]) || message["location"].is_there()) return Events{};
    const auto chat = private_chat(message);
    if (!chat) return std::unexpected(chat.error());
    const auto id = message["message_id"].required_text();
    if (!id) return std::unexpected(id.error());
    InboundMessage now;
    read_content(message, now);
    MessageChange change;
    change.kind = MessageChange::Kind::edit;
    change.target = chat->message(*id);
    change.text = now.text;
    change.provider_time = time_of(message["edit_date"]);
    change.key = key_of_change("edit", update, message["edit_date"]);
    return Events{{{}, change}};
}

// The emoji that stands under the message now; empty: none. Of pictures that are no characters only that they are
// there.
std::string emoji_of(const JsonView& reactions) {
    for (std::size_t i = 0; i < reactions.size(); ++i)
        if (reactions.at(i)["type"].text_or("") == "emoji") return reactions.at(i)["emoji"].text_or("");
    return reactions.size() > 0 ? "⭐" : "";
}

Result<Events> reaction_of(const JsonView& reaction, const std::string& update) {
    if (!is_private(reaction["chat"])) return Events{};
    const auto chat = private_chat(reaction);
    if (!chat) return std::unexpected(chat.error());
    const auto id = reaction["message_id"].required_text();
    if (!id) return std::unexpected(id.error());
    MessageChange change;
    change.from.addresses = {chat->address()};
    change.kind = MessageChange::Kind::reaction;
    change.target = chat->message(*id);
    change.text = emoji_of(reaction["new_reaction"]);
    change.provider_time = time_of(reaction["date"]);
    change.key = key_of_change("reaction", update, reaction["date"]);
    return Events{{{}, change}};
}

// What the pressed button said, as the message under which it stands shows it.
std::string title_of(const JsonView& keyboard, const std::string& data) {
    for (std::size_t i = 0; i < keyboard.size(); ++i)
        for (std::size_t k = 0; k < keyboard.at(i).size(); ++k)
            if (keyboard.at(i).at(k)["callback_data"].text_or("") == data)
                return keyboard.at(i).at(k)["text"].text_or(data);
    return data;
}

Result<Events> press_of(const JsonView& press) {
    const auto id = press["id"].required_text();
    if (!id) return std::unexpected(id.error());
    const auto person = press["from"]["id"].required_text();
    if (!person) return std::unexpected(person.error());
    if (person->empty()) return fail(ErrorKind::invalid, "missing_field", "`from.id` is empty.", "from.id");
    const JsonView message = press["message"];
    if (message.is_there() && !is_private(message["chat"])) return Events{};
    const Chat chat{message["business_connection_id"].text_or(""), message["chat"]["id"].text_or(*person)};
    if (chat.id != *person) return Events{};  // the owner of a business account tries the button
    const std::string data = press["data"].text_or("");
    InboundMessage inbound;
    inbound.from.addresses = {chat.address()};
    inbound.from.name = name_of_user(press["from"]);
    inbound.provider_id = chat.press(*id);
    inbound.type = "button";
    inbound.text = title_of(message["reply_markup"]["inline_keyboard"], data);
    inbound.content = json::serialize(json::object{{"payload", data}, {"text", inbound.text}});
    if (const auto quoted = message["message_id"].text()) inbound.reply_to = chat.message(*quoted);
    return Events{{{}, inbound}};
}

Result<Events> membership_of(const JsonView& change) {
    if (!is_private(change["chat"])) return Events{};
    const auto chat = private_chat(change);
    if (!chat) return std::unexpected(chat.error());
    const std::string status = change["new_chat_member"]["status"].text_or("");
    if (status != "kicked" && status != "member") return Events{};
    return Events{wants_messages(*chat, status == "kicked", time_of(change["date"]))};
}

Result<Events> removals_of(const JsonView& deleted) {
    const auto chat = private_chat(deleted);
    if (!chat) return std::unexpected(chat.error());
    Events out;
    for (std::size_t i = 0; i < deleted["message_ids"].size(); ++i) {
        const auto id = deleted["message_ids"].at(i).required_text();
        if (!id) return std::unexpected(id.error());
        MessageChange change;
        change.kind = MessageChange::Kind::remove;
        change.target = chat->message(*id);
        change.key = "remove:" + change.target.value();
        out.push_back({{}, change});
    }
    return out;
}

// The owner of a business account lets the bot answer there, or no more. An empty reason ends an earlier warning.
Result<Events> connection_of(const JsonView& connection) {
    const bool may_answer = connection["is_enabled"].boolean().value_or(false) &&
                            (connection["rights"]["can_reply"].boolean().value_or(false) ||
                             connection["can_reply"].boolean().value_or(false));
    ChannelNotice notice{ChannelNotice::Kind::warning, ""};
    if (!may_answer)
        notice.reason = "The bot may no longer answer in the chats of " + name_of_user(connection["user"]) + ".";
    return Events{{{}, notice}};
}

Result<Events> events_of(const JsonView& update, const std::string& number) {
    for (const char* field : {"message", "business_message"})
        if (update[field].is_there()) return message_of(update[field]);
    for (const char* field : {"edited_message", "edited_business_message"})
        if (update[field].is_there()) return edit_of(update[field], number);
    if (update["message_reaction"].is_there()) return reaction_of(update["message_reaction"], number);
    if (update["callback_query"].is_there()) return press_of(update["callback_query"]);
    if (update["my_chat_member"].is_there()) return membership_of(update["my_chat_member"]);
    if (update["deleted_business_messages"].is_there()) return removals_of(update["deleted_business_messages"]);
    if (update["business_connection"].is_there()) return connection_of(update["business_connection"]);
    return Events{};  // kinds that Telegram adds about monthly
}

}  // namespace

ParsedWebhook parse(const std::string& body) {
    ParsedWebhook out;
    const auto document = parse_json(body);
    if (!document) {
        out.unreadable.push_back({{}, document.error().detail, body});
        return out;
    }
    const auto number = JsonView(*document)["update_id"].required_text();
    Result<Events> events = number ? events_of(JsonView(*document), *number) : std::unexpected(number.error());
    if (events)
        out.events = std::move(*events);
    else
        out.unreadable.push_back({{}, events.error().detail, body});
    return out;
}

}  // namespace okno::telegram
