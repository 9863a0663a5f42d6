// Webhooks of WAHA (channels page of the gateway, sections 3, 4 and 5).
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/waha/ids.hpp"
#include "messengers/gateway/waha/waha.hpp"

namespace okno::gateway::waha {

namespace {

constexpr auto late_after = std::chrono::minutes{10};

// An event around its payload.
struct Envelope {
    std::string event;
    std::string id;
    std::optional<Timestamp> time;
    JsonView payload;
};

// Whose conversation it belongs to; empty for groups, channels and statuses.
std::optional<Person> person_of(const JsonView& message, bool is_ours) {
    const auto address = address_of_chat(message[is_ours ? "to" : "from"].text_or(""));
    if (!address) return std::nullopt;
    Person out{{*address}, {}};
    const JsonView raw = message["_data"];
    // Who hides their number is known by another name too, where the engine tells it.
    for (const JsonView& other : {raw["key"]["remoteJidAlt"], raw["key"]["senderPn"], raw["Info"]["SenderAlt"]}) {
        const auto more = address_of_chat(other.text_or(""));
        if (more && more->kind != address->kind) {
            out.addresses.push_back(*more);
            break;
        }
    }
    if (!is_ours)
        for (const JsonView& name : {raw["notifyName"], raw["pushName"], raw["Info"]["PushName"]})
            if (out.name.empty()) out.name = name.text_or("");
    return out;
}

Result<Events> message_of(const Envelope& envelope) {
    const JsonView message = envelope.payload;
    const auto id = message["id"].required_text();
    if (!id) return std::unexpected(id.error());
    const bool is_ours = message["fromMe"].boolean().value_or(false);
    const auto person = person_of(message, is_ours);
    if (!person) return Events{};
    const std::string bare = bare_id(*id);
    const auto written = time_of(message["timestamp"]);
    // What went by the API is ours: its reference or the answer to its sending names it. History does not tell the way.
    const std::string reference = reference_in(bare);
    const bool is_by_api = message["source"].text_or("") == "api" || !reference.empty();
    if (is_ours && is_by_api) return status_event(bare, reference, MessageStatus::sent, written);
    Events out = message_event({*person, bare, is_ours, written, bare_id(message["replyTo"]["id"].text_or(""))},
                               content_of(message));
    auto& inbound = std::get<InboundMessage>(out.front().what);
    inbound.is_late = envelope.time && written && *envelope.time - *written > late_after;
    return out;
}

std::optional<MessageStatus> status_of(std::int64_t ack) {
    switch (ack) {
        case -1: return MessageStatus::failed;
        case 1: return MessageStatus::sent;
        case 2: return MessageStatus::delivered;
        case 3:
        case 4: return MessageStatus::read;
        default: return std::nullopt;  // 0: it waits at the gateway
    }
}

Result<Events> ack_of(const Envelope& envelope) {
    const JsonView ack = envelope.payload;
    const auto id = ack["id"].required_text();
    if (!id) return std::unexpected(id.error());
    const auto number = ack["ack"].required_integer();
    if (!number) return std::unexpected(number.error());
    const auto status = status_of(*number);
    if (!status || !ack["fromMe"].boolean().value_or(false)) return Events{};
    const std::string bare = bare_id(*id);
    if (*status == MessageStatus::failed)
        return failed_event(bare, reference_in(bare), ack["ackName"].text_or("ERROR"), envelope.time);
    return status_event(bare, reference_in(bare), *status, envelope.time);
}

Events change_of(const Envelope& envelope, MessageChange::Kind kind, const std::string& target,
                 const std::string& text) {
    const auto time = time_of(envelope.payload["timestamp"]);
    return change_event(kind, bare_id(target), envelope.id, text, time ? time : envelope.time);
}

Result<Events> reaction_of(const Envelope& envelope) {
    const JsonView reaction = envelope.payload["reaction"];
    const auto target = reaction["messageId"].required_text();
    if (!target) return std::unexpected(target.error());
    if (envelope.payload["fromMe"].boolean().value_or(false)) return Events{};
    return change_of(envelope, MessageChange::Kind::reaction, *target, reaction["text"].text_or(""));
}

Result<Events> edit_of(const Envelope& envelope) {
    const auto target = envelope.payload["editedMessageId"].required_text();
    if (!target) return std::unexpected(target.error());
    return change_of(envelope, MessageChange::Kind::edit, *target, envelope.payload["body"].text_or(""));
}

Result<Events> removal_of(const Envelope& envelope) {
    const JsonView payload = envelope.payload;
    for (const JsonView& place : {payload["revokedMessageId"], payload["before"]["id"]})
        if (const auto target = place.text()) return change_of(envelope, MessageChange::Kind::remove, *target, "");
    return std::unexpected(payload["revokedMessageId"].required_text().error());
}

Result<Events> missed_call_of(const Envelope& envelope) {
    const JsonView call = envelope.payload;
    const auto id = call["id"].required_text();
    if (!id) return std::unexpected(id.error());
    const auto address = address_of_chat(call["from"].text_or(""));
    if (!address || call["isGroup"].boolean().value_or(false)) return Events{};
    return call_event({{*address}, {}}, *id, call["isVideo"].boolean().value_or(false), time_of(call["timestamp"]));
}

Result<Events> changed_state_of(const Envelope& envelope) {
    const auto status = envelope.payload["status"].required_text();
    if (!status) return std::unexpected(status.error());
    int failures = 0;
    const JsonView last = envelope.payload["statuses"];
    for (std::size_t i = 0; i < last.size(); ++i)
        failures += last.at(i)["status"].text_or("") == "FAILED" ? 1 : 0;
    return state_event(Session{state_of(*status), *status}, failures);
}

}  // namespace

std::string Waha::number_in(const JsonView& body) const { return number_of_chat(body["me"]["id"].text_or("")); }

Result<Events> Waha::events_of(const JsonView& body) const {
    const Envelope envelope{body["event"].text_or(""), body["id"].text_or(""), time_of(body["timestamp"]),
                            body["payload"]};
    const std::string& event = envelope.event;
    if (event == "message" || event == "message.any") return message_of(envelope);
    if (event == "message.ack") return ack_of(envelope);
    if (event == "message.reaction") return reaction_of(envelope);
    if (event == "message.edited") return edit_of(envelope);
    if (event == "message.revoked") return removal_of(envelope);
    if (event == "call.received") return missed_call_of(envelope);
    if (event == "session.status") return changed_state_of(envelope);
    return Events{};  // kinds that we did not ask for
}

Result<Events> Waha::events_of_history(const JsonView& element) const {
    return message_of({{}, {}, std::nullopt, element});
}

}  // namespace okno::gateway::waha
