// Recorded events: each `webhooks/<name>.json` must read as the events of `<name>.events.json`.
#include "messengers/vk/parse.hpp"

#include "messengers/recorded_webhooks.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace okno;
using namespace okno::tests;

TEST_CASE("every recorded event of VK reads as the events beside it") {
    REQUIRE(recorded("vk").size() >= 20);
    for (const fs::path& file : recorded("vk")) {
        CAPTURE(file.filename().string());
        fs::path expected = file;
        expected.replace_extension(".events.json");
        const json::value events = as_json(vk::parse(contents(file)));
        const auto wanted = parse_json(contents(expected));
        REQUIRE(wanted);
        CHECK_MESSAGE(events == *wanted, json::serialize(events));
    }
}

TEST_CASE("an event of VK that is cut anywhere or has a byte changed never ends the reading badly") {
    std::mt19937 random(20261126);
    for (const fs::path& file : recorded("vk")) {
        const std::string whole = contents(file);
        for (std::size_t cut = 0; cut < whole.rfind('}'); cut += 7)
            CHECK(vk::parse(whole.substr(0, cut)).unreadable.size() == 1);
        for (int i = 0; i < 200; ++i) {
            std::string changed = whole;
            changed[random() % changed.size()] = static_cast<char>(random());
            const ParsedWebhook parsed = vk::parse(changed);
            CHECK(parsed.events.size() + parsed.unreadable.size() <= 10);
        }
    }
}

TEST_CASE("messages forwarded inside messages end somewhere") {
    std::string inner = R"({"text":"deep"})";
    for (int level = 0; level < 20; ++level)
        inner = R"({"text":"x","fwd_messages":[)" + inner + R"(,{"text":"y"}]})";
    const auto message = parse_json(inner);
    REQUIRE(message);
    CHECK(vk::parts_of(JsonView(*message)).size() <= 20);
    std::string wide = R"({"text":"x","fwd_messages":[{"text":"y"})";
    for (int i = 0; i < 500; ++i)
        wide += R"(,{"text":"y"})";
    const json::value many = json::parse(wide + "]}");
    CHECK(vk::parts_of(JsonView(many)).size() <= 61);
}

static std::string choice(const char* payload) {
    const json::value value = json::parse(payload);
    return vk::choice_in(JsonView(value));
}

TEST_CASE("the choice on a button is read from text and from an object alike") {
    CHECK(choice(R"({"b":"9f3:2"})") == "9f3:2");
    CHECK(choice(R"("{\"b\":\"9f3:2\"}")") == "9f3:2");
    CHECK(choice(R"("plain")") == "plain");
    CHECK(choice("null").empty());
}
