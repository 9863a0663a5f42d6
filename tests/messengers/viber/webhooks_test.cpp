// Recorded callbacks: each `webhooks/<name>.json` must read as the events of `<name>.events.json`.
#include "messengers/viber/parse.hpp"

#include "messengers/recorded_webhooks.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace okno;
using namespace okno::tests;

TEST_CASE("every recorded callback of Viber reads as the events beside it") {
    REQUIRE(recorded("viber").size() >= 30);
    for (const fs::path& file : recorded("viber")) {
        CAPTURE(file.filename().string());
        fs::path expected = file;
        expected.replace_extension(".events.json");
        const json::value events = as_json(viber::parse(contents(file)));
        const auto wanted = parse_json(contents(expected));
        REQUIRE(wanted);
        CHECK_MESSAGE(events == *wanted, json::serialize(events));
    }
}

TEST_CASE("a callback of Viber that is cut anywhere or has a byte changed never ends the reading badly") {
    std::mt19937 random(20261126);
    for (const fs::path& file : recorded("viber")) {
        const std::string whole = contents(file);
        for (std::size_t cut = 0; cut < whole.rfind('}'); cut += 7)
            CHECK(viber::parse(whole.substr(0, cut)).unreadable.size() == 1);
        for (int i = 0; i < 200; ++i) {
            std::string changed = whole;
            changed[random() % changed.size()] = static_cast<char>(random());
            const ParsedWebhook parsed = viber::parse(changed);
            CHECK(parsed.events.size() + parsed.unreadable.size() <= 2);
        }
    }
}

TEST_CASE("a token above 2^53 keeps every digit, as a number and as text") {
    for (const char* token : {"5741311803571721087", R"("5741311803571721087")"}) {
        const ParsedWebhook parsed = viber::parse(
            R"({"event":"seen","timestamp":1795000000123,"user_id":"A=","message_token":)" + std::string(token) + "}");
        REQUIRE(parsed.events.size() == 1);
        CHECK(std::get<StatusReport>(parsed.events.front().what).provider_id.value() == "5741311803571721087");
    }
}
