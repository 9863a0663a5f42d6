#include "messengers/gateway/parse.hpp"

#include "messengers/gateway/reading.hpp"

#include <algorithm>

namespace okno::gateway {

namespace json = boost::json;

namespace {

constexpr std::string_view history_event = "okno.history";
constexpr std::string_view notice_event = "okno.notice";

Events own_notice_of(const JsonView& payload) {
    const std::string kind = payload["kind"].text_or("");
    ChannelNotice notice{ChannelNotice::Kind::warning, payload["reason"].text_or("")};
    if (kind == "broken") notice.kind = ChannelNotice::Kind::broken;
    if (kind == "working") notice.kind = ChannelNotice::Kind::working;
    return {{{}, notice}};
}

Result<Events> missed_message_of(const JsonView& body) {
    const Shape* shape = find_shape(body["shape"].text_or(""));
    if (shape == nullptr) return fail(ErrorKind::invalid, "invalid", "`shape` is none that Okno knows.");
    Result<Events> events = shape->events_of_history(body["payload"]);
    if (events)
        for (ProviderEvent& event : *events)
            if (auto* message = std::get_if<InboundMessage>(&event.what)) message->is_late = true;
    return events;
}

const Shape* shape_in(const JsonView& body) {
    const auto all = all_shapes();
    const auto found = std::ranges::find_if(all, [&](const Shape* shape) { return shape->is_worded_here(body); });
    return found == all.end() ? nullptr : *found;
}

// A body that is set aside is kept without the key that some gateways write into it.
std::string kept(const std::string& body, const json::value& document) {
    if (!document.is_object() || !document.get_object().contains("apikey")) return body;
    json::object bare = document.get_object();
    bare.erase("apikey");
    return json::serialize(bare);
}

}  // namespace

std::string history_body(std::string_view shape, json::value element, Timestamp now) {
    return json::serialize(json::object{
        {"event", history_event}, {"shape", shape}, {"timestamp", to_millis(now)}, {"payload", std::move(element)}});
}

std::string notice_body(const ChannelNotice& notice, Timestamp now) {
    const char* kind = notice.kind == ChannelNotice::Kind::broken ? "broken" : "working";
    return json::serialize(json::object{{"event", notice_event},
                                        {"timestamp", to_millis(now)},
                                        {"payload", json::object{{"kind", kind}, {"reason", notice.reason}}}});
}

ParsedWebhook parse(const std::string& body) {
    ParsedWebhook out;
    const auto document = parse_json(body);
    if (!document) {
        out.unreadable.push_back({{}, document.error().detail, body});
        return out;
    }
    const JsonView view(*document);
    const std::string event = view["event"].text_or("");
    const Shape* shape = event == history_event || event == notice_event ? nullptr : shape_in(view);
    // Another number that was paired with the session is another channel's, or nobody's.
    const std::string address = shape != nullptr ? shape->number_in(view) : std::string();
    Result<Events> events = fail(ErrorKind::invalid, "missing_field", "`event` is missing.");
    if (event == notice_event) events = own_notice_of(view["payload"]);
    if (event == history_event) events = missed_message_of(view);
    if (shape != nullptr) events = shape->events_of(view);
    if (!events) {
        out.unreadable.push_back({address, events.error().detail, kept(body, *document)});
        return out;
    }
    for (ProviderEvent& one : *events) {
        one.channel_address = address;
        out.events.push_back(std::move(one));
    }
    return out;
}

}  // namespace okno::gateway
