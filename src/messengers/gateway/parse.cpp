#include "messengers/gateway/parse.hpp"

#include "messengers/gateway/address.hpp"
#include "messengers/gateway/session_state.hpp"

namespace okno::gateway {

namespace json = boost::json;

namespace {

using Events = std::vector<ProviderEvent>;

constexpr auto late_after = std::chrono::minutes{10};

// Seconds or milliseconds, by their size.
std::optional<Timestamp> time_of(const JsonView& number) {
    const auto whole = number.integer();
    constexpr std::int64_t year_9999 = 253'402'300'799;
    if (!whole || *whole <= 0 || *whole > year_9999 * 1000) return std::nullopt;
    constexpr std::int64_t first_millis = 100'000'000'000;  // as seconds that is the year 5138
    return *whole < first_millis ? Timestamp{std::chrono::seconds{*whole}} : from_millis(*whole);
}

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

StatusReport sent_by_us(const std::string& id, const JsonView& message) {
    StatusReport report;
    report.provider_id = ProviderMessageId{id};
    report.reference = reference_in(id);
    report.status = MessageStatus::sent;
    report.time = time_of(message["timestamp"]).value_or(Timestamp{});
    return report;
}

Result<Events> message_of(const Envelope& envelope) {
    const JsonView message = envelope.payload;
    const auto id = message["id"].required_text();
    if (!id) return std::unexpected(id.error());
    const bool is_ours = message["fromMe"].boolean().value_or(false);
    const auto person = person_of(message, is_ours);
    if (!person) return Events{};
    const std::string bare = bare_id(*id);
    // What went by the API is ours: its reference or the answer to its sending names it. History does not tell the way.
    const bool is_by_api = message["source"].text_or("") == "api" || !reference_in(bare).empty();
    if (is_ours && is_by_api) return Events{{{}, sent_by_us(bare, message)}};
    Content content = content_of(message);
    InboundMessage inbound;
    inbound.from = *person;
    inbound.provider_id = ProviderMessageId{bare};
    inbound.author = is_ours ? AuthorKind::phone : AuthorKind::customer;
    inbound.provider_time = time_of(message["timestamp"]);
    const bool is_old = envelope.time && inbound.provider_time && *envelope.time - *inbound.provider_time > late_after;
    inbound.is_late = envelope.event == history_event || is_old;
    inbound.type = std::move(content.type);
    inbound.text = std::move(content.text);
    if (const json::value* referral = content.more.if_contains("referral"))
        inbound.referral = std::string(referral->as_string());
    inbound.content = json::serialize(content.more);
    inbound.media = std::move(content.media);
    inbound.opens_window = !is_ours;
    if (const std::string quoted = message["replyTo"]["id"].text_or(""); !quoted.empty())
        inbound.reply_to = ProviderMessageId{bare_id(quoted)};
    return Events{{{}, std::move(inbound)}};
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
    StatusReport report;
    report.provider_id = ProviderMessageId{bare_id(*id)};
    report.reference = reference_in(report.provider_id.value());
    report.status = *status;
    report.time = envelope.time.value_or(Timestamp{});
    if (*status == MessageStatus::failed) {
        report.error_code = "provider_error";
        report.error_message = "WhatsApp did not take the message (" + ack["ackName"].text_or("ERROR") + ").";
    }
    return Events{{{}, report}};
}

Events change_of(const Envelope& envelope, MessageChange::Kind kind, const std::string& target,
                 const std::string& text) {
    MessageChange change;
    change.kind = kind;
    change.target = ProviderMessageId{bare_id(target)};
    if (!envelope.id.empty()) change.key = envelope.id;
    change.text = text;
    change.provider_time = time_of(envelope.payload["timestamp"]);
    if (!change.provider_time) change.provider_time = envelope.time;
    return {{{}, change}};
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
    const bool is_video = call["isVideo"].boolean().value_or(false);
    InboundMessage inbound;
    inbound.from = {{*address}, {}};
    inbound.provider_id = ProviderMessageId{"call:" + *id};
    inbound.provider_time = time_of(call["timestamp"]);
    inbound.type = "call";
    inbound.text = is_video ? "Video call" : "Call";
    inbound.content = json::serialize(json::object{{"video", is_video}});
    inbound.opens_window = false;
    inbound.is_event = true;
    return Events{{{}, std::move(inbound)}};
}

Result<Events> state_of(const Envelope& envelope) {
    const auto status = envelope.payload["status"].required_text();
    if (!status) return std::unexpected(status.error());
    int failures = 0;
    const JsonView last = envelope.payload["statuses"];
    for (std::size_t i = 0; i < last.size(); ++i)
        failures += last.at(i)["status"].text_or("") == "FAILED" ? 1 : 0;
    const auto notice = notice_of(*status, failures);
    return notice ? Events{{{}, *notice}} : Events{};
}

Events own_notice_of(const Envelope& envelope) {
    const std::string kind = envelope.payload["kind"].text_or("");
    ChannelNotice notice{ChannelNotice::Kind::warning, envelope.payload["reason"].text_or("")};
    if (kind == "broken") notice.kind = ChannelNotice::Kind::broken;
    if (kind == "working") notice.kind = ChannelNotice::Kind::working;
    return {{{}, notice}};
}

Result<Events> events_of(const Envelope& envelope) {
    const std::string& event = envelope.event;
    if (event == "message" || event == "message.any" || event == history_event) return message_of(envelope);
    if (event == "message.ack") return ack_of(envelope);
    if (event == "message.reaction") return reaction_of(envelope);
    if (event == "message.edited") return edit_of(envelope);
    if (event == "message.revoked") return removal_of(envelope);
    if (event == "call.received") return missed_call_of(envelope);
    if (event == "session.status") return state_of(envelope);
    if (event == notice_event) return own_notice_of(envelope);
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
    const JsonView view(*document);
    // Another number that was paired with the session is another channel's, or nobody's.
    const auto number = address_of_chat(view["me"]["id"].text_or(""));
    const std::string address = number && number->kind == "phone" ? number->value : std::string();
    Result<Events> events = view["event"].is_there()
                                ? events_of({view["event"].text_or(""), view["id"].text_or(""),
                                             time_of(view["timestamp"]), view["payload"]})
                                : Result<Events>(fail(ErrorKind::invalid, "missing_field", "`event` is missing."));
    if (!events) {
        out.unreadable.push_back({address, events.error().detail, body});
        return out;
    }
    for (ProviderEvent& event : *events) {
        event.channel_address = address;
        out.events.push_back(std::move(event));
    }
    return out;
}

}  // namespace okno::gateway
