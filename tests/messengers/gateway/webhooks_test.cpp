// Recorded webhooks: each `webhooks/<name>.json` must read as the events of `<name>.events.json`.
#include "messengers/gateway/parse.hpp"

#include "messengers/recorded_webhooks.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace okno;
using namespace okno::tests;

TEST_CASE("every recorded webhook of a gateway reads as the events beside it") {
    REQUIRE(recorded("gateway").size() >= 120);
    for (const fs::path& file : recorded("gateway")) {
        CAPTURE(file.filename().string());
        fs::path expected = file;
        expected.replace_extension(".events.json");
        const json::value events = as_json(gateway::parse(contents(file)));
        const auto wanted = parse_json(contents(expected));
        REQUIRE(wanted);
        CHECK_MESSAGE(events == *wanted, json::serialize(events));
    }
}

TEST_CASE("what is set aside is kept without the key that a gateway writes into its bodies") {
    const ParsedWebhook parsed = gateway::parse(
        R"({"event":"messages.upsert","instance":"sales","data":{"pushName":"Maria"},"apikey":"s3cr3t"})");
    REQUIRE(parsed.unreadable.size() == 1);
    CHECK(parsed.unreadable[0].bytes.find("s3cr3t") == std::string::npos);
    CHECK(parsed.unreadable[0].bytes.find("Maria") != std::string::npos);
    CHECK(gateway::parse(parsed.unreadable[0].bytes).unreadable.size() == 1);
}

TEST_CASE("a webhook of a gateway that is cut anywhere or has a byte changed never ends the reading badly") {
    std::mt19937 random(20261126);
    for (const fs::path& file : recorded("gateway")) {
        const std::string whole = contents(file);
        for (std::size_t cut = 0; cut < whole.rfind('}'); cut += 7)
            CHECK(gateway::parse(whole.substr(0, cut)).unreadable.size() == 1);
        for (int i = 0; i < 200; ++i) {
            std::string changed = whole;
            changed[random() % changed.size()] = static_cast<char>(random());
            const ParsedWebhook parsed = gateway::parse(changed);
            CHECK(parsed.events.size() + parsed.unreadable.size() <= 10);
        }
    }
}
