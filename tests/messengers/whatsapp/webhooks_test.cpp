// Recorded webhooks: each `webhooks/<name>.json` must read as the events of `<name>.events.json`.
#include "messengers/whatsapp/parse.hpp"

#include "messengers/recorded_webhooks.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace okno;
using namespace okno::tests;

TEST_CASE("every recorded webhook reads as the events beside it") {
    REQUIRE(recorded("whatsapp").size() >= 10);
    for (const fs::path& file : recorded("whatsapp")) {
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
    for (const fs::path& file : recorded("whatsapp")) {
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
