// Recorded webhooks: each `webhooks/<name>.json` must read as the events of `<name>.events.json`.
#include "messengers/meta/parse.hpp"

#include "messengers/recorded_webhooks.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace okno;
using namespace okno::tests;

static const meta::Platform* const platforms[] = {&meta::messenger_platform, &meta::instagram_platform};

TEST_CASE("every recorded webhook of Messenger and Instagram reads as the events beside it") {
    for (const meta::Platform* platform : platforms) {
        const std::vector<fs::path> files = recorded(std::string(platform->name));
        REQUIRE(files.size() >= 15);
        for (const fs::path& file : files) {
            CAPTURE(file.string());
            fs::path expected = file;
            expected.replace_extension(".events.json");
            const json::value events = as_json(meta::parse(*platform, contents(file)));
            const auto wanted = parse_json(contents(expected));
            REQUIRE(wanted);
            CHECK_MESSAGE(events == *wanted, json::serialize(events));
        }
    }
}

TEST_CASE("a webhook of Meta that is cut anywhere or has a byte changed never ends the reading badly") {
    std::mt19937 random(20261126);
    for (const meta::Platform* platform : platforms)
        for (const fs::path& file : recorded(std::string(platform->name))) {
            const std::string whole = contents(file);
            for (std::size_t cut = 0; cut < whole.rfind('}'); cut += 7)
                CHECK(meta::parse(*platform, whole.substr(0, cut)).unreadable.size() == 1);
            for (int i = 0; i < 200; ++i) {
                std::string changed = whole;
                changed[random() % changed.size()] = static_cast<char>(random());
                const ParsedWebhook parsed = meta::parse(*platform, changed);
                CHECK(parsed.events.size() + parsed.unreadable.size() <= 12);
            }
        }
}

TEST_CASE("a record that cannot be read is kept as a webhook of its own, which is unreadable again") {
    const std::string body = contents(fs::path(OKNO_TESTS_DIR) / "messengers/messenger/webhooks/broken_records.json");
    const ParsedWebhook parsed = meta::parse(meta::messenger_platform, body);
    REQUIRE(parsed.unreadable.size() == 3);
    for (const UnreadableElement& element : parsed.unreadable) {
        const ParsedWebhook again = meta::parse(meta::messenger_platform, element.bytes);
        CHECK(again.events.empty());
        REQUIRE(again.unreadable.size() == 1);
        CHECK(again.unreadable[0].channel_address == element.channel_address);
    }
}

TEST_CASE("the name of a message holds the person, for marks and reactions") {
    const auto name = meta::name_of(ProviderMessageId{"5501:m_AbC==#2"});
    REQUIRE(name);
    CHECK(name->person == "5501");
    CHECK(name->mid == "m_AbC==");
    for (const char* none : {"", "5501", ":m", "x:m", "5501:", "5501:/opened/1"})
        CHECK_FALSE(meta::name_of(ProviderMessageId{none}));
}
