// Recorded updates: each `webhooks/<name>.json` must read as the events of `<name>.events.json`.
#include "messengers/max/parse.hpp"

#include "messengers/recorded_webhooks.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace okno;
using namespace okno::tests;

TEST_CASE("every recorded update of MAX reads as the events beside it") {
    REQUIRE(recorded("max").size() >= 20);
    for (const fs::path& file : recorded("max")) {
        CAPTURE(file.filename().string());
        fs::path expected = file;
        expected.replace_extension(".events.json");
        const json::value events = as_json(okno::max::parse(contents(file)));
        const auto wanted = parse_json(contents(expected));
        REQUIRE(wanted);
        CHECK_MESSAGE(events == *wanted, json::serialize(events));
    }
}

TEST_CASE("an update of MAX that is cut anywhere or has a byte changed never ends the reading badly") {
    std::mt19937 random(20261126);
    for (const fs::path& file : recorded("max")) {
        const std::string whole = contents(file);
        for (std::size_t cut = 0; cut < whole.rfind('}'); cut += 7)
            CHECK(okno::max::parse(whole.substr(0, cut)).unreadable.size() == 1);
        for (int i = 0; i < 200; ++i) {
            std::string changed = whole;
            changed[random() % changed.size()] = static_cast<char>(random());
            const ParsedWebhook parsed = okno::max::parse(changed);
            CHECK(parsed.events.size() + parsed.unreadable.size() <= 12);
        }
    }
}

TEST_CASE("a message with very many attachments, forwarded many times, ends somewhere") {
    std::string attachments;
    for (int i = 0; i < 200; ++i)
        attachments += std::string(i == 0 ? "" : ",") + R"({"type":"location","latitude":1.5,"longitude":2.5})";
    std::string inner = R"({"mid":"m","text":"x","attachments":[)" + attachments + "]}";
    for (int level = 0; level < 10; ++level)
        inner = R"({"mid":"m","text":"y","attachments":[],"link":{"type":"forward","message":)" + inner + "}}";
    const json::value message = json::parse(R"({"link":{"type":"forward","message":)" + inner + "}}");
    CHECK(okno::max::parts_of(JsonView(message)).size() <= okno::max::most_parts);
    const json::value wide = json::parse(R"({"body":{"text":"x","attachments":[)" + attachments + "]}}");
    CHECK(okno::max::parts_of(JsonView(wide)).size() == okno::max::most_parts);
}

TEST_CASE("a message that was removed is removed with all its attachments, and nothing is shown of what never came") {
    const ParsedWebhook removed = okno::max::parse(
        R"({"update_type":"message_removed","timestamp":1795000001000,"message_id":"mid.1","chat_id":5,"user_id":7})");
    REQUIRE(removed.events.size() == 12);
    for (std::size_t i = 0; i < removed.events.size(); ++i) {
        const auto& change = std::get<MessageChange>(removed.events[i].what);
        CHECK(change.target.value() == (i == 0 ? "5:mid.1" : "5:mid.1/" + std::to_string(i)));
        CHECK(change.kind == MessageChange::Kind::remove);
        CHECK(change.from.addresses.empty());
    }
}

TEST_CASE("a card is read with folded lines, groups and escapes") {
    const okno::max::Card card = okno::max::read_vcard(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Li;Anna;;;\r\nitem1.TEL;TYPE=cell,pref:+7 916\r\n  123-45-67\r\n"
        "tel:tel:+74950000001\nEMAIL;TYPE=INTERNET:anna@shop.example\r\nNOTE\r\nEND:VCARD");
    CHECK(card.name == "Anna Li");
    CHECK(card.phones == std::vector<std::string>{"+7 916 123-45-67", "+74950000001"});
    CHECK(card.emails == std::vector<std::string>{"anna@shop.example"});
    CHECK(okno::max::read_vcard("FN:Smith\\, John\\nJr").name == "Smith, John Jr");
    CHECK(okno::max::read_vcard("").name.empty());
}

TEST_CASE("addresses of links stand behind their words, counted in UTF-16 units") {
    const json::value markup = json::parse(R"([{"type":"link","from":3,"length":4,"url":"https://a.example"},
        {"type":"strong","from":0,"length":2},{"type":"link","from":9,"length":17,"url":"https://b.example"}])");
    CHECK(okno::max::with_links("😀 ваш 1 https://b.example", JsonView(markup)) ==
          "😀 ваш  (https://a.example)1 https://b.example");
}
