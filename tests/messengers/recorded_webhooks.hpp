// Webhooks as files: each `webhooks/<name>.json` reads as the events of `<name>.events.json` beside it.
#pragma once

#include "base/json.hpp"
#include "domain/events.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace okno::tests {

namespace fs = std::filesystem;
namespace json = boost::json;

inline std::string contents(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline json::array as_json(const std::vector<Address>& addresses) {
    json::array out;
    for (const Address& address : addresses)
        out.emplace_back(address.kind + " " + address.value + " " + address.key);
    return out;
}

inline json::value time_json(const std::optional<Timestamp>& time) {
    return time ? json::value(to_rfc3339(*time)) : json::value();
}

inline json::object as_json(const ProviderEvent& event) {
    json::object out{{"channel", event.channel_address}};
    if (!event.account.empty()) out["account"] = event.account;
    if (const auto* inbound = std::get_if<InboundMessage>(&event.what)) {
        out["message"] = json::object{{"from", as_json(inbound->from.addresses)},
                                      {"name", inbound->from.name},
                                      {"id", inbound->provider_id.value()},
                                      {"author", std::string(name_of(inbound->author))},
                                      {"time", time_json(inbound->provider_time)},
                                      {"type", inbound->type},
                                      {"text", inbound->text},
                                      {"content", json::parse(inbound->content)},
                                      {"reply_to", inbound->reply_to.value()},
                                      {"opens_window", inbound->opens_window}};
        if (inbound->is_late) out["message"].as_object()["is_late"] = true;
        if (inbound->is_event) out["message"].as_object()["is_event"] = true;
        if (!inbound->referral.empty()) out["message"].as_object()["referral"] = inbound->referral;
        if (inbound->media)
            out["message"].as_object()["media"] = json::object{{"kind", inbound->media->kind},
                                                               {"id", inbound->media->provider_id},
                                                               {"name", inbound->media->name},
                                                               {"mime", inbound->media->mime},
                                                               {"sha256", inbound->media->sha256}};
    } else if (const auto* change = std::get_if<MessageChange>(&event.what)) {
        static constexpr const char* kinds[] = {"edit", "remove", "reaction"};
        out["change"] = json::object{{"from", as_json(change->from.addresses)},
                                     {"kind", kinds[static_cast<int>(change->kind)]},
                                     {"target", change->target.value()},
                                     {"text", change->text},
                                     {"opens_window", change->opens_window}};
    } else if (const auto* report = std::get_if<StatusReport>(&event.what)) {
        out["status"] = json::object{{"id", report->provider_id.value()},
                                     {"reference", report->reference},
                                     {"status", std::string(name_of(report->status))},
                                     {"time", to_rfc3339(report->time)},
                                     {"error", report->error_code},
                                     {"sentence", report->error_message},
                                     {"closes_window", report->closes_window},
                                     {"price", report->price.empty() ? json::value() : json::parse(report->price)},
                                     {"to", as_json(report->to)}};
    } else if (const auto* mark = std::get_if<Watermark>(&event.what)) {
        out["watermark"] = json::object{{"from", as_json(mark->from.addresses)},
                                        {"status", std::string(name_of(mark->status))},
                                        {"until", to_rfc3339(mark->until)}};
    } else if (const auto* addresses = std::get_if<AddressChange>(&event.what)) {
        out["addresses"] = json::object{{"before", as_json(addresses->before)}, {"after", as_json(addresses->after)}};
    } else if (const auto* person = std::get_if<PersonNotice>(&event.what)) {
        out["person"] = json::object{{"from", as_json(person->from.addresses)},
                                     {"is_blocked", person->is_blocked},
                                     {"time", time_json(person->provider_time)}};
    } else if (const auto* notice = std::get_if<ChannelNotice>(&event.what)) {
        static constexpr const char* kinds[] = {"broken", "working", "warning"};
        out["notice"] = json::object{{"kind", kinds[static_cast<int>(notice->kind)]}, {"reason", notice->reason}};
    }
    return out;
}

inline json::value as_json(const ParsedWebhook& parsed) {
    json::array events;
    for (const ProviderEvent& event : parsed.events)
        events.push_back(as_json(event));
    json::array unreadable;
    for (const UnreadableElement& element : parsed.unreadable)
        unreadable.emplace_back(element.reason);
    return json::object{{"events", events}, {"unreadable", unreadable}};
}

inline std::vector<fs::path> recorded(const std::string& messenger) {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator(fs::path(OKNO_TESTS_DIR) / "messengers" / messenger / "webhooks"))
        if (entry.path().string().ends_with(".json") && !entry.path().string().ends_with(".events.json"))
            out.push_back(entry.path());
    return out;
}

}  // namespace okno::tests
