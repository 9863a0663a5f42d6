#include "messengers/viber/parse.hpp"

#include "base/uuid.hpp"
#include "messengers/viber/address.hpp"
#include "messengers/viber/content.hpp"

namespace okno::viber {

namespace json = boost::json;

namespace {

using Events = std::vector<ProviderEvent>;

std::optional<Timestamp> time_of(const JsonView& callback) {
    const auto millis = callback["timestamp"].integer();
    constexpr std::int64_t year_9999 = 253'402'300'799'000;
    if (!millis || *millis <= 0 || *millis > year_9999) return std::nullopt;
    return from_millis(*millis);
}

// Ids name somebody or something.
Result<std::string> name_in(const JsonView& id) {
    Result<std::string> name = id.required_text();
    if (name && name->empty()) return fail(ErrorKind::invalid, "missing_field", "`" + id.path() + "` is empty.");
    return name;
}

Result<Person> person_of(const JsonView& who) {
    const auto id = name_in(who["id"]);
    if (!id) return std::unexpected(id.error());
    return Person{{person_address(*id)}, who["name"].text_or("")};
}

// What the person sends proves that the message they saw last has arrived, also when its sending got no answer.
void note_arrival(Events& events, const Tracking& tracking, const JsonView& callback) {
    if (!parse_uuid(tracking.reference)) return;
    StatusReport report;
    report.reference = tracking.reference;
    report.status = MessageStatus::delivered;
    report.time = time_of(callback).value_or(Timestamp{});
    events.push_back({{}, report});
}

Result<Events> message_of(const JsonView& callback) {
    const auto person = person_of(callback["sender"]);
    if (!person) return std::unexpected(person.error());
    const auto token = name_in(callback["message_token"]);
    if (!token) return std::unexpected(token.error());
    const Tracking tracking = read_tracking(callback["message"]["tracking_data"].text_or(""));
    Events out;
    note_arrival(out, tracking, callback);
    InboundMessage inbound;
    inbound.from = *person;
    inbound.provider_id = ProviderMessageId{*token};
    inbound.provider_time = time_of(callback);
    read_content(callback["message"], tracking, inbound);
    out.push_back({{}, std::move(inbound)});
    return out;
}

// Nobody wrote yet, and nothing may be sent before they do unless they are subscribed from before.
Result<Events> start_of(const JsonView& callback) {
    const auto person = person_of(callback["user"]);
    if (!person) return std::unexpected(person.error());
    const auto token = name_in(callback["message_token"]);
    if (!token) return std::unexpected(token.error());
    InboundMessage inbound;
    inbound.from = *person;
    inbound.provider_id = ProviderMessageId{"started:" + *token};
    inbound.provider_time = time_of(callback);
    inbound.type = "started";
    inbound.referral = callback["context"].text_or("");
    inbound.content = json::serialize(json::object{{"referral", inbound.referral}});
    inbound.is_event = true;
    inbound.opens_window = false;
    Events out{{{}, std::move(inbound)}};
    if (callback["subscribed"].boolean() == false) out.push_back({{}, PersonNotice{*person, true, time_of(callback)}});
    return out;
}

Result<Events> subscription_of(const JsonView& callback) {
    const auto person = person_of(callback["user"]);
    if (!person) return std::unexpected(person.error());
    return Events{{{}, PersonNotice{*person, false, time_of(callback)}}};
}

Result<Events> farewell_of(const JsonView& callback) {
    const auto id = name_in(callback["user_id"]);
    if (!id) return std::unexpected(id.error());
    return Events{{{}, PersonNotice{{{person_address(*id)}, {}}, true, time_of(callback)}}};
}

// Once for each device of the person.
Result<Events> status_of(const JsonView& callback, MessageStatus status) {
    const auto token = name_in(callback["message_token"]);
    if (!token) return std::unexpected(token.error());
    StatusReport report;
    report.provider_id = ProviderMessageId{*token};
    report.status = status;
    report.time = time_of(callback).value_or(Timestamp{});
    if (status == MessageStatus::failed) {
        report.error_code = "failed_on_phone";
        report.error_message = callback["desc"].text_or("Viber gave no reason.");
    }
    if (const auto person = name_in(callback["user_id"])) report.to = {person_address(*person)};
    return Events{{{}, report}};
}

Result<Events> events_of(const JsonView& callback) {
    const std::string event = callback["event"].text_or("");
    if (event == "message") return message_of(callback);
    if (event == "conversation_started") return start_of(callback);
    if (event == "subscribed") return subscription_of(callback);
    if (event == "unsubscribed") return farewell_of(callback);
    if (event == "delivered") return status_of(callback, MessageStatus::delivered);
    if (event == "seen") return status_of(callback, MessageStatus::read);
    if (event == "failed") return status_of(callback, MessageStatus::failed);
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
    const JsonView callback(*document);
    Result<Events> events = callback["event"].is_there()
                                ? events_of(callback)
                                : Result<Events>(fail(ErrorKind::invalid, "missing_field", "`event` is missing."));
    if (events)
        out.events = std::move(*events);
    else
        out.unreadable.push_back({{}, events.error().detail, body});
    return out;
}

}  // namespace okno::viber
