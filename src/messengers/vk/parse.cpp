#include "messengers/vk/parse.hpp"

#include "messengers/vk/address.hpp"

namespace okno::vk {

namespace json = boost::json;

namespace {

using Events = std::vector<ProviderEvent>;

constexpr std::int64_t first_chat = 2'000'000'000;  // ids from here on name chats of several people

std::optional<Timestamp> time_of(const JsonView& seconds) {
    const auto whole = seconds.integer();
    constexpr std::int64_t year_9999 = 253'402'300'799;
    if (!whole || *whole <= 0 || *whole > year_9999) return std::nullopt;
    return Timestamp{std::chrono::seconds{*whole}};
}

bool is_person(std::int64_t peer) { return peer > 0 && peer < first_chat; }

Person person_of(std::int64_t peer) { return {{person_address(std::to_string(peer))}, {}}; }

// Whose conversation and which message of it.
struct Place {
    std::int64_t peer = 0;
    std::string number;

    std::string peer_text() const { return std::to_string(peer); }
    ProviderMessageId id() const { return message_id(peer_text(), number); }
};

Result<Place> place_of(const JsonView& message) {
    const auto peer = message["peer_id"].required_integer();
    if (!peer) return std::unexpected(peer.error());
    if (!is_person(*peer)) return Place{*peer, {}};
    const auto number = message["conversation_message_id"].required_integer();
    if (!number) return std::unexpected(number.error());
    return Place{*peer, std::to_string(*number)};
}

Events messages_of(const JsonView& message, const Place& place, AuthorKind author) {
    Events out;
    for (Part& part : parts_of(message)) {
        InboundMessage inbound;
        inbound.from = person_of(place.peer);
        const std::string suffix = out.empty() ? std::string() : "/" + std::to_string(out.size());
        inbound.provider_id = ProviderMessageId{place.id().value() + suffix};
        inbound.author = author;
        inbound.provider_time = time_of(message["date"]);
        inbound.type = std::move(part.type);
        inbound.text = std::move(part.text);
        inbound.media = std::move(part.media);
        inbound.opens_window = author == AuthorKind::customer;
        if (out.empty()) {
            if (const auto quoted = message["reply_message"]["conversation_message_id"].text())
                inbound.reply_to = message_id(place.peer_text(), *quoted);
            inbound.referral = message["ref"].text_or("");
            if (message["ref_source"].is_there()) part.content["ref_source"] = message["ref_source"].text_or("");
        }
        inbound.content = json::serialize(part.content);
        out.push_back({{}, std::move(inbound)});
    }
    return out;
}

Result<Events> message_of(const JsonView& message) {
    const auto place = place_of(message);
    if (!place) return std::unexpected(place.error());
    const bool is_theirs = is_person(place->peer) && message["from_id"].integer().value_or(place->peer) == place->peer;
    if (!is_theirs || message["action"].is_there()) return Events{};
    return messages_of(message, *place, AuthorKind::customer);
}

// What we gave to VK with a message of ours (see send.cpp); empty: it is of somebody else.
std::string reference_in(const JsonView& payload) {
    const auto document = parse_json(payload.text_or(""));
    return document ? JsonView(*document)["okno"].text_or("") : std::string();
}

// Ours is known by its reference, also when the answer to its sending was lost. Anything else was written by hand or
// by another program of the community.
Result<Events> reply_of(const JsonView& message) {
    const auto place = place_of(message);
    if (!place) return std::unexpected(place.error());
    if (!is_person(place->peer) || message["action"].is_there()) return Events{};
    const std::string reference = reference_in(message["payload"]);
    if (reference.empty()) return messages_of(message, *place, AuthorKind::phone);
    StatusReport report;
    report.provider_id = place->id();
    report.reference = reference;
    report.status = MessageStatus::sent;
    report.time = time_of(message["date"]).value_or(Timestamp{});
    return Events{{{}, report}};
}

Result<Events> edit_of(const JsonView& message, const std::string& event_id) {
    const auto place = place_of(message);
    if (!place) return std::unexpected(place.error());
    if (!is_person(place->peer)) return Events{};
    MessageChange change;
    change.kind = MessageChange::Kind::edit;
    change.target = place->id();
    if (!event_id.empty()) change.key = "edit:" + event_id;
    change.text = parts_of(message).front().text;
    change.provider_time = time_of(message["update_time"].is_there() ? message["update_time"] : message["date"]);
    return Events{{{}, change}};
}

Result<Events> permission_of(const JsonView& object, bool is_denied) {
    const auto person = object["user_id"].required_integer();
    if (!person) return std::unexpected(person.error());
    PersonNotice notice;
    notice.from = person_of(*person);
    notice.is_blocked = is_denied;
    return Events{{{}, notice}};
}

// A button of the kind `callback`. The event does not tell the words on it.
Result<Events> press_of(const JsonView& press) {
    const auto id = press["event_id"].required_text();
    if (!id) return std::unexpected(id.error());
    const auto peer = press["peer_id"].required_integer();
    if (!peer) return std::unexpected(peer.error());
    if (!is_person(*peer)) return Events{};
    const std::string peer_text = std::to_string(*peer);
    InboundMessage inbound;
    inbound.from = person_of(*peer);
    inbound.provider_id = ProviderMessageId{"press:" + peer_text + ":" + *id};
    inbound.type = "button";
    inbound.text = choice_in(press["payload"]);
    inbound.content = json::serialize(json::object{{"payload", inbound.text}, {"text", inbound.text}});
    if (const auto number = press["conversation_message_id"].text()) inbound.reply_to = message_id(peer_text, *number);
    return Events{{{}, inbound}};
}

// Everything up to this message was read; the one that is named stands for those before it.
Result<Events> reading_of(const JsonView& object) {
    const auto place = place_of(object);
    if (!place) return std::unexpected(place.error());
    const bool is_theirs = is_person(place->peer) && object["from_id"].integer().value_or(place->peer) == place->peer;
    if (!is_theirs) return Events{};
    StatusReport report;
    report.provider_id = place->id();
    report.status = MessageStatus::read;
    return Events{{{}, report}};
}

Result<Events> events_of(const JsonView& envelope) {
    const std::string type = envelope["type"].text_or("");
    const JsonView object = envelope["object"];
    // Versions before 5.103 have the message itself where newer ones have it beside `client_info`.
    const JsonView message = object["message"].is_there() ? object["message"] : object;
    if (type == "message_new") return message_of(message);
    if (type == "message_reply") return reply_of(message);
    if (type == "message_edit") return edit_of(message, envelope["event_id"].text_or(""));
    if (type == "message_allow") return permission_of(object, false);
    if (type == "message_deny") return permission_of(object, true);
    if (type == "message_event") return press_of(object);
    if (type == "message_read") return reading_of(object);
    return Events{};  // kinds that we did not ask for
}

}  // namespace

ParsedWebhook parse(const std::string& body) {
    ParsedWebhook out;
    const auto document = parse_json(body);
    if (!document) {
        out.unreadable.push_back({{}, document.error().detail, body});
        return out;
    }
    const JsonView envelope(*document);
    const std::string group = envelope["group_id"].text_or("");
    Result<Events> events = envelope["type"].is_there()
                                ? events_of(envelope)
                                : Result<Events>(fail(ErrorKind::invalid, "missing_field", "`type` is missing."));
    if (!events) {
        out.unreadable.push_back({group, events.error().detail, body});
        return out;
    }
    for (ProviderEvent& event : *events) {
        event.channel_address = group;
        out.events.push_back(std::move(event));
    }
    return out;
}

}  // namespace okno::vk
