#include "messengers/max/parse.hpp"

#include "messengers/full_name.hpp"
#include "messengers/max/address.hpp"

namespace okno::max {

namespace json = boost::json;

namespace {

using Events = std::vector<ProviderEvent>;

constexpr std::size_t most_attachments = 12;  // of one message

std::optional<Timestamp> time_of(const JsonView& milliseconds) {
    const auto whole = milliseconds.integer();
    constexpr std::int64_t year_9999 = 253'402'300'799'000;
    if (!whole || *whole <= 0 || *whole > year_9999) return std::nullopt;
    return from_millis(*whole);
}

Result<Person> person_of(const JsonView& user) {
    const auto id = user["user_id"].required_text();
    if (!id) return std::unexpected(id.error());
    return Person{{person_address(*id)}, name_of_user(user)};
}

bool is_dialog(const JsonView& message) { return message["recipient"]["chat_type"].text_or("dialog") == "dialog"; }

bool is_ours(const JsonView& message) { return message["sender"]["is_bot"].boolean().value_or(false); }

std::string chat_of(const JsonView& message) { return message["recipient"]["chat_id"].text_or(""); }

Events messages_of(std::vector<Part> parts, const Person& person, const ProviderMessageId& id,
                   const JsonView& message) {
    Events out;
    const JsonView link = message["link"];
    for (Part& part : parts) {
        InboundMessage inbound;
        inbound.from = person;
        if (!part.own_phone.empty()) inbound.from.addresses.push_back({"phone", part.own_phone, part.own_phone});
        const std::string suffix = out.empty() ? std::string() : "/" + std::to_string(out.size());
        inbound.provider_id = ProviderMessageId{id.value() + suffix};
        inbound.provider_time = time_of(message["timestamp"]);
        inbound.type = std::move(part.type);
        inbound.text = std::move(part.text);
        inbound.content = json::serialize(part.content);
        inbound.media = std::move(part.media);
        if (out.empty() && link["type"].text_or("") == "reply")
            if (const auto quoted = link["message"]["mid"].text())
                inbound.reply_to = message_id(chat_of(message), *quoted);
        out.push_back({{}, std::move(inbound)});
    }
    return out;
}

// What is only forwarded may have no body, and so no name of its own: it is known by its place and time.
Result<std::string> mid_of(const JsonView& message) {
    if (message["body"].is_there()) return message["body"]["mid"].required_text();
    const auto time = message["timestamp"].required_text();
    if (!time) return std::unexpected(time.error());
    return "at-" + *time;
}

Result<Events> message_of(const JsonView& update) {
    const JsonView message = update["message"];
    if (!is_dialog(message) || is_ours(message)) return Events{};
    const auto person = person_of(message["sender"]);
    if (!person) return std::unexpected(person.error());
    const auto mid = mid_of(message);
    if (!mid) return std::unexpected(mid.error());
    return messages_of(parts_of(message), *person, message_id(chat_of(message), *mid), message);
}

Result<Events> edit_of(const JsonView& update) {
    const JsonView message = update["message"];
    if (!is_dialog(message) || is_ours(message)) return Events{};
    const auto mid = message["body"]["mid"].required_text();
    if (!mid) return std::unexpected(mid.error());
    MessageChange change;
    change.kind = MessageChange::Kind::edit;
    change.target = message_id(chat_of(message), *mid);
    change.text = parts_of(message).front().text;
    change.provider_time = time_of(update["timestamp"]);
    change.key = "edit:" + change.target.value() + ":" + update["timestamp"].text_or("") + ":" + change.text;
    if (auto person = person_of(message["sender"])) change.from = std::move(*person);
    return Events{{{}, change}};
}

MessageChange removal(const std::string& target) {
    MessageChange change;
    change.kind = MessageChange::Kind::remove;
    change.target = ProviderMessageId{target};
    change.key = "remove:" + target;
    return change;
}

// How many attachments it had is not told. Changes of nobody, whose message never comes, are forgotten without a trace.
Result<Events> removal_of(const JsonView& update) {
    const auto mid = update["message_id"].required_text();
    if (!mid) return std::unexpected(mid.error());
    const std::string target = message_id(update["chat_id"].text_or(""), *mid).value();
    Events out;
    for (std::size_t i = 0; i < most_attachments; ++i) {
        MessageChange change = removal(i == 0 ? target : target + "/" + std::to_string(i));
        change.provider_time = time_of(update["timestamp"]);
        out.push_back({{}, std::move(change)});
    }
    return out;
}

// What the pressed button said, as the message under which it stands shows it.
std::string title_of(const JsonView& attachments, const std::string& payload) {
    for (std::size_t i = 0; i < attachments.size(); ++i) {
        const JsonView rows = attachments.at(i)["payload"]["buttons"];
        for (std::size_t k = 0; k < rows.size(); ++k)
            for (std::size_t n = 0; n < rows.at(k).size(); ++n)
                if (const JsonView button = rows.at(k).at(n); button["payload"].text_or("\n") == payload)
                    return button["text"].text_or(payload);
    }
    return payload;
}

Result<Events> press_of(const JsonView& update) {
    const JsonView callback = update["callback"];
    const auto id = callback["callback_id"].required_text();
    if (!id) return std::unexpected(id.error());
    const auto person = person_of(callback["user"]);
    if (!person) return std::unexpected(person.error());
    const JsonView message = update["message"];  // absent when it was removed meanwhile
    if (message.is_there() && !is_dialog(message)) return Events{};
    const std::string chat = chat_of(message);
    const std::string payload = callback["payload"].text_or("");
    InboundMessage inbound;
    inbound.from = *person;
    // The id is of the keyboard: each press of it has its own time.
    inbound.provider_id = message_id(chat, "press:" + *id + ":" + callback["timestamp"].text_or(""));
    inbound.provider_time = time_of(callback["timestamp"]);
    inbound.type = "button";
    inbound.text = title_of(message["body"]["attachments"], payload);
    inbound.content = json::serialize(json::object{{"payload", payload}, {"text", inbound.text}});
    if (const auto quoted = message["body"]["mid"].text()) inbound.reply_to = message_id(chat, *quoted);
    return Events{{{}, inbound}};
}

PersonNotice notice_of(const Person& person, bool is_blocked, const JsonView& update) {
    return {.from = person, .is_blocked = is_blocked, .provider_time = time_of(update["timestamp"])};
}

// Start was pressed, for the first time or after a stop: the conversation is there before anything is written.
Result<Events> start_of(const JsonView& update) {
    const auto person = person_of(update["user"]);
    if (!person) return std::unexpected(person.error());
    InboundMessage inbound;
    inbound.from = *person;
    inbound.provider_id = message_id(update["chat_id"].text_or(""), "start:" + update["user"]["user_id"].text_or("") +
                                                                        ":" + update["timestamp"].text_or(""));
    inbound.provider_time = time_of(update["timestamp"]);
    inbound.type = "started";
    inbound.referral = update["payload"].text_or("");
    inbound.is_event = true;
    inbound.content = json::serialize(json::object{{"referral", inbound.referral}});
    return Events{{{}, inbound}, {{}, notice_of(*person, false, update)}};
}

Result<Events> stop_of(const JsonView& update) {
    const auto person = person_of(update["user"]);
    if (!person) return std::unexpected(person.error());
    return Events{{{}, notice_of(*person, true, update)}};
}

Result<Events> events_of(const JsonView& update) {
    const auto type = update["update_type"].required_text();
    if (!type) return std::unexpected(type.error());
    if (*type == "message_created") return message_of(update);
    if (*type == "message_edited") return edit_of(update);
    if (*type == "message_removed") return removal_of(update);
    if (*type == "message_callback") return press_of(update);
    if (*type == "bot_started") return start_of(update);
    if (*type == "bot_stopped" || *type == "dialog_removed") return stop_of(update);
    return Events{};  // muting, groups and channels
}

}  // namespace

std::string name_of_user(const JsonView& user) {
    std::string name = full_name(user);
    if (name.empty()) name = user["name"].text_or("");
    if (name.empty() && user["username"].is_there()) name = "@" + user["username"].text_or("");
    return name;
}

ParsedWebhook parse(const std::string& body) {
    ParsedWebhook out;
    const auto document = parse_json(body);
    if (!document) {
        out.unreadable.push_back({{}, document.error().detail, body});
        return out;
    }
    Result<Events> events = events_of(JsonView(*document));
    if (events)
        out.events = std::move(*events);
    else
        out.unreadable.push_back({{}, events.error().detail, body});
    return out;
}

}  // namespace okno::max
