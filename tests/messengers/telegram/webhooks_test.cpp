// Recorded updates: each `webhooks/<name>.json` must read as the events of `<name>.events.json`.
#include "messengers/recorded_webhooks.hpp"
#include "messengers/telegram/parse.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace okno;
using namespace okno::tests;

TEST_CASE("every recorded update of Telegram reads as the events beside it") {
    REQUIRE(recorded("telegram").size() >= 55);
    for (const fs::path& file : recorded("telegram")) {
        CAPTURE(file.filename().string());
        fs::path expected = file;
        expected.replace_extension(".events.json");
        const json::value events = as_json(telegram::parse(contents(file)));
        const auto wanted = parse_json(contents(expected));
        REQUIRE(wanted);
        CHECK_MESSAGE(events == *wanted, json::serialize(events));
    }
}

static bool names_somebody(const ProviderEvent& event) {
    const auto* message = std::get_if<InboundMessage>(&event.what);
    if (message == nullptr) return true;
    return !message->provider_id.value().empty() && !message->from.addresses.empty() &&
           std::ranges::none_of(message->from.addresses, [](const Address& one) { return one.key.empty(); });
}

TEST_CASE("an update that is cut anywhere or has a byte changed never ends the reading badly") {
    std::mt19937 random(20261126);
    for (const fs::path& file : recorded("telegram")) {
        const std::string whole = contents(file);
        for (std::size_t cut = 0; cut < whole.rfind('}'); cut += 7)
            CHECK(telegram::parse(whole.substr(0, cut)).unreadable.size() == 1);
        for (int i = 0; i < 200; ++i) {
            std::string changed = whole;
            changed[random() % changed.size()] = static_cast<char>(random());
            const ParsedWebhook parsed = telegram::parse(changed);
            CHECK(parsed.events.size() + parsed.unreadable.size() <= 3);
            CHECK(std::ranges::all_of(parsed.events, names_somebody));
        }
    }
}

static MessageChange change_in(const std::string& update) {
    const ParsedWebhook parsed = telegram::parse(update);
    REQUIRE(parsed.events.size() == 1);
    return std::get<MessageChange>(parsed.events.front().what);
}

static std::string edit(const std::string& number, const std::string& text) {
    return R"({"update_id":)" + number +
           R"(,"edited_message":{"message_id":41,"chat":{"id":7},"date":1795000000,"edit_date":1795000060,"text":")" +
           text + R"("}})";
}

TEST_CASE("a change that is told again has the same key, another within the same second has its own") {
    CHECK(change_in(edit("5", "a")).key == change_in(edit("5", "a")).key);
    CHECK(change_in(edit("5", "a")).key != change_in(edit("6", "b")).key);
    CHECK(change_in(edit("5", "a")).key != change_in(edit("7", "a")).key);
    const std::string removed = R"("deleted_business_messages":{"business_connection_id":"c","chat":{"id":7},)"
                                R"("message_ids":[41]}})";
    CHECK(change_in(R"({"update_id":5,)" + removed).key == change_in(R"({"update_id":6,)" + removed).key);
}

static std::string linked(const std::string& text, const std::string& entities) {
    const json::value list = json::parse(entities);
    return telegram::with_links(text, JsonView(list));
}

TEST_CASE("addresses behind words stand after them, wherever the words end") {
    CHECK(linked("a😀b", R"([{"type":"text_link","offset":1,"length":2,"url":"u"}])") == "a😀 (u)b");
    CHECK(linked("ab", R"([{"type":"text_link","offset":0,"length":1,"url":"u"},
                           {"type":"text_link","offset":0,"length":2,"url":"v"}])") == "a (u)b (v)");
    CHECK(linked("ab", R"([{"type":"text_link","offset":0,"length":9,"url":"u"}])") == "ab");
    CHECK(linked("ab", R"([{"type":"text_link","offset":9223372036854775807,"length":9,"url":"u"}])") == "ab");
    CHECK(linked("ab", R"([{"type":"bold","offset":0,"length":1}])") == "ab");
    CHECK(linked("", "[]").empty());
}
