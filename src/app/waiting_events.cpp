#include "app/waiting_events.hpp"

#include "base/json.hpp"

namespace okno {

namespace json = boost::json;

static json::array write_addresses(const std::vector<Address>& addresses) {
    json::array out;
    for (const Address& address : addresses)
        out.push_back(json::object{{"kind", address.kind}, {"value", address.value}, {"key", address.key}});
    return out;
}

static std::vector<Address> read_addresses(const JsonView& list) {
    std::vector<Address> out;
    out.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
        out.push_back({list.at(i)["kind"].text_or(""), list.at(i)["value"].text_or(""), list.at(i)["key"].text_or("")});
    return out;
}

std::string write_waiting(const StatusReport& report) {
    return json::serialize(json::object{{"what", "status"},
                                        {"id", report.provider_id.value()},
                                        {"reference", report.reference},
                                        {"status", std::string(name_of(report.status))},
                                        {"time", to_millis(report.time)},
                                        {"error_code", report.error_code},
                                        {"error_message", report.error_message},
                                        {"closes_window", report.closes_window},
                                        {"price", report.price},
                                        {"to", write_addresses(report.to)}});
}

std::string write_waiting(const MessageChange& change) {
    return json::serialize(json::object{
        {"what", "change"},
        {"from", write_addresses(change.from.addresses)},
        {"name", change.from.name},
        {"kind", static_cast<int>(change.kind)},
        {"target", change.target.value()},
        {"key", change.key},
        {"time", change.provider_time ? json::value(to_millis(*change.provider_time)) : json::value(nullptr)},
        {"text", change.text}});
}

std::optional<StatusReport> read_waiting_status(const std::string& text) {
    const auto document = parse_json(text);
    if (!document) return std::nullopt;
    const JsonView view(*document);
    const auto status = read_message_status(view["status"].text_or(""));
    if (view["what"].text_or("") != "status" || !status) return std::nullopt;
    return StatusReport{.provider_id = ProviderMessageId{view["id"].text_or("")},
                        .reference = view["reference"].text_or(""),
                        .status = *status,
                        .time = from_millis(view["time"].integer().value_or(0)),
                        .error_code = view["error_code"].text_or(""),
                        .error_message = view["error_message"].text_or(""),
                        .closes_window = view["closes_window"].boolean().value_or(false),
                        .price = view["price"].text_or(""),
                        .to = read_addresses(view["to"])};
}

std::optional<MessageChange> read_waiting_change(const std::string& text) {
    const auto document = parse_json(text);
    if (!document) return std::nullopt;
    const JsonView view(*document);
    if (view["what"].text_or("") != "change") return std::nullopt;
    MessageChange change;
    change.kind = static_cast<MessageChange::Kind>(view["kind"].integer().value_or(0));
    change.target = ProviderMessageId{view["target"].text_or("")};
    change.key = view["key"].text_or("");
    change.text = view["text"].text_or("");
    if (const auto time = view["time"].integer()) change.provider_time = from_millis(*time);
    change.from.name = view["name"].text_or("");
    change.from.addresses = read_addresses(view["from"]);
    return change;
}

std::string marked_late(const std::string& content) {
    const auto document = parse_json(content);
    json::object object = document && document->is_object() ? document->get_object() : json::object();
    object["late"] = true;
    return json::serialize(object);
}

std::string with_reaction(const std::string& content, const std::string& emoji) {
    const auto document = parse_json(content);
    json::object object = document && document->is_object() ? document->get_object() : json::object();
    if (emoji.empty())
        object.erase("reaction");
    else
        object["reaction"] = emoji;
    return json::serialize(object);
}

}  // namespace okno
