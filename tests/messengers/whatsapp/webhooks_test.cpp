// Recorded webhooks: each `webhooks/<name>.json` must read as the events of `<name>.events.json`.
#include "messengers/whatsapp/parse.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

using namespace okno;
namespace fs = std::filesystem;
namespace json = boost::json;

static std::string contents(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

static json::array as_json(const std::vector<Address>& addresses) {
    json::array out;
    for (const Address& address : addresses)
        out.emplace_back(address.kind + " " + address.value + " " + address.key);
    return out;
}

static json::value time_json(const std::optional<Timestamp>& time) {
    return time ? json::value(to_rfc3339(*time)) : json::value();
}

static json::object as_json(const ProviderEvent& event) {
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
        if (inbound->is_event) out["message"].as_object()["is_event"] = true;
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
    } else if (const auto* addresses = std::get_if<AddressChange>(&event.what)) {
        out["addresses"] = json::object{{"before", as_json(addresses->before)}, {"after", as_json(addresses->after)}};
    } else if (const auto* notice = std::get_if<ChannelNotice>(&event.what)) {
        static constexpr const char* kinds[] = {"broken", "working", "warning"};
        out["notice"] = json::object{{"kind", kinds[static_cast<int>(notice->kind)]}, {"reason", notice->reason}};
    }
    return out;
}

static json::value as_json(const ParsedWebhook& parsed) {
    json::array events;
    for (const ProviderEvent& event : parsed.events)
        events.push_back(as_json(event));
    json::array unreadable;
    for (const UnreadableElement& element : parsed.unreadable)
        unreadable.emplace_back(element.reason);
    return json::object{{"events", events}, {"unreadable", unreadable}};
}

static std::vector<fs::path> recorded() {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator(fs::path(OKNO_TESTS_DIR) / "messengers/whatsapp/webhooks"))
        if (entry.path().string().ends_with(".json") && !entry.path().string().ends_with(".events.json"))
            out.push_back(entry.path());
    return out;
}

TEST_CASE("every recorded webhook reads as the events beside it") {
    REQUIRE(recorded().size() >= 10);
    for (const fs::path& file : recorded()) {
        CAPTURE(file.filename().string());
        fs::path expected = file;
        expected.replace_extension(".events.json");
        const json::value events = as_json(whatsapp::parse(contents(file)));
        const auto wanted = parse_json(contents(expected));
        REQUIRE(wanted);
        CHECK_MESSAGE(events == *wanted, json::serialize(events));
    }
}

TEST_CASE("a webhook that is cut anywhere or has a byte changed never ends the reading badly") {
    std::mt19937 random(20261124);
    for (const fs::path& file : recorded()) {
        const std::string whole = contents(file);
        for (std::size_t cut = 0; cut < whole.rfind('}'); cut += 7)
            CHECK(whatsapp::parse(whole.substr(0, cut)).unreadable.size() == 1);
        for (int i = 0; i < 200; ++i) {
            std::string changed = whole;
            changed[random() % changed.size()] = static_cast<char>(random());
            const ParsedWebhook parsed = whatsapp::parse(changed);
            CHECK(parsed.events.size() + parsed.unreadable.size() <= 40);
        }
    }
}

TEST_CASE("an element that could not be read is kept as a body of its own, which can be read once it is understood") {
    const fs::path file =
        fs::path(OKNO_TESTS_DIR) / "messengers/whatsapp/webhooks/one_bad_element_among_good_ones.json";
    const ParsedWebhook parsed = whatsapp::parse(contents(file));
    REQUIRE(parsed.unreadable.size() == 1);
    json::value kept = json::parse(parsed.unreadable.front().bytes);
    CHECK(whatsapp::parse(json::serialize(kept)).unreadable.size() == 1);
    kept.at_pointer("/entry/0/changes/0/value/messages/0").as_object()["id"] = "wamid.NOW";
    const ParsedWebhook again = whatsapp::parse(json::serialize(kept));
    REQUIRE(again.events.size() == 1);
    CHECK(again.events.front().channel_address == parsed.events.front().channel_address);
    CHECK(std::get<InboundMessage>(again.events.front().what).from.name == "Ann Lee");
}

TEST_CASE("an element of somebody else is not given to the only contact of its body when it is read again by itself") {
    const ParsedWebhook parsed = whatsapp::parse(R"({"object":"whatsapp_business_account","entry":[{"changes":[{
        "field":"messages","value":{"contacts":[{"wa_id":"79161234567"}],"messages":[
        {"id":"wamid.1","from":"79161234567","type":"text","text":{"body":"one"}},
        {"id":"wamid.2","from":"hidden","type":"text","text":{"body":"whose?"}}]}}]}]})");
    CHECK(parsed.events.size() == 1);
    REQUIRE(parsed.unreadable.size() == 1);
    const ParsedWebhook again = whatsapp::parse(parsed.unreadable[0].bytes);
    CHECK(again.events.empty());
    CHECK(again.unreadable.size() == 1);
}

TEST_CASE("a body without entries is kept, one of another product is of no meaning here") {
    CHECK(whatsapp::parse(R"({"object":"whatsapp_business_account","entry":7})").unreadable.size() == 1);
    CHECK(whatsapp::parse("7").unreadable.size() == 1);
    CHECK(whatsapp::parse(R"({"object":"page","entry":7})").unreadable.empty());
}

TEST_CASE("ten thousand messages in one body are ten thousand events") {
    std::string body = R"({"entry":[{"changes":[{"field":"messages","value":{"messages":[)";
    for (int i = 0; i < 10'000; ++i)
        body += (i == 0 ? "" : ",") + std::string(R"({"from":"79161234567","id":"wamid.)") + std::to_string(i) +
                R"(","timestamp":"1795000000","type":"text","text":{"body":"x"}})";
    CHECK(whatsapp::parse(body + "]}}]}]}").events.size() == 10'000);
}
