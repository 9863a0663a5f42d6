// Words, numbers and queries, without any index.
#include "storage/search/terms.hpp"

#include "storage/search/query.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace okno;
using namespace okno::storage;

static std::string folded(std::string_view text) {
    std::string out;
    for (const Word& word : words_of(text))
        out += (out.empty() ? "" : " ") + word.folded;
    return out;
}

static std::string stems(std::string_view text) {
    std::string out;
    for (const Word& word : words_of(text))
        out += (out.empty() ? "" : " ") + word.stem;
    return out;
}

static std::string phones(std::string_view text) {
    std::string out;
    for (const PhoneRun& run : phones_of(text))
        out += (out.empty() ? "" : " ") + run.digits;
    return out;
}

TEST_CASE("words are compared without case, and ё is е") {
    CHECK(folded("ЁЛКА, Ёлка; елка") == "елка елка елка");
    CHECK(folded("Straße ÉTÉ") == "strasse été");
    CHECK(folded("при\u00ADвет и\u0306ога \uFF21") == "привет йога a");
}

TEST_CASE("what stands between letters and digits parts words") {
    CHECK(folded("e-mail 2.14 don't (v2)") == "e mail 2 14 don t v2");
    CHECK(folded("👍🏽 ... \" ' *").empty());
}

TEST_CASE("text written without spaces is taken apart into words") {
    CHECK(words_of("订单已经发货").size() > 1);
    CHECK(words_of("สวัสดีครับ").size() > 1);
}

TEST_CASE("a word says where it stands") {
    const std::string text = "  Ключ!";
    const auto words = words_of(text);
    REQUIRE(words.size() == 1);
    CHECK(text.substr(words[0].begin, words[0].end - words[0].begin) == "Ключ");
}

TEST_CASE("forms of a word have one stem") {
    CHECK(stems("ключ ключи ключей ключами") == "ключ ключ ключ ключ");
    CHECK(stems("оплата оплату оплаты") == "оплат оплат оплат");
    CHECK(stems("оплатил оплатила") == "оплат оплат");
    CHECK(stems("invoice invoices invoiced") == "invoic invoic invoic");
    CHECK(stems("X5 3dнюанс") == "x5 3dнюанс");
}

TEST_CASE("bytes that are no text give the words around them") {
    CHECK(folded(std::string("клю\xFFч \xD0", 10)) == "клю ч");
    CHECK(folded(std::string("a\0b", 3)) == "a b");
    CHECK(letters_in(words_of(std::string(10'000, 'a')).at(0).folded) == 64);
}

TEST_CASE("a phone number is seen in any format") {
    CHECK(phones("+7 (921) 555-01-48").starts_with("79215550148"));
    CHECK(phones("тел. 8-921-555.01.48, добавочный 12") == "89215550148");
    CHECK(phones("8\u00A0921\u00A05550148").starts_with("89215550148"));
    CHECK(phones("555-01-48") == "5550148");
    CHECK(phones("заказ 1024 от 12").empty());
    CHECK(phones("12345678901234567890").empty());
}

TEST_CASE("of two numbers side by side each is seen") {
    const std::string both = phones("89215550148 89215550149");
    CHECK(both == "89215550148 89215550149");
    CHECK(phones("555-01-48 555-01-49") == "55501485550149 5550148 5550149");
}

TEST_CASE("a number is known by all its digits, the last ten and the last seven") {
    CHECK(phone_forms("79215550148") == std::vector<std::string>{"79215550148", "9215550148", "5550148"});
    CHECK(phone_forms("5550148") == std::vector<std::string>{"5550148"});
}

TEST_CASE("a query is taken apart into words, phrases, numbers and operators") {
    const auto query = parse_query("from:\"Анна Петрова\" ключи «доступ к тесту» Has:file 8 921 555 01 48 дос");
    REQUIRE(query);
    REQUIRE(query->all.size() == 4);
    CHECK(query->all[0].kind == Requirement::Kind::word);
    CHECK_FALSE(query->all[0].is_unfinished);
    CHECK(query->all[1].kind == Requirement::Kind::phrase);
    CHECK(query->all[1].words.size() == 3);
    CHECK(query->all[2].digits == "89215550148");
    CHECK(query->all[3].is_unfinished);
    REQUIRE(query->from.size() == 1);
    CHECK(query->from[0].size() == 2);
}

TEST_CASE("a has: of anything but a file is refused") {
    CHECK(parse_query("has:link").error().detail == "has: expected file");
}

TEST_CASE("a day that is none is refused with an example") {
    for (const char* query : {"before:yesterday", "after:2026-02-30", "before:", "after:2026-5-1", "before:2026-05-+1"})
        CHECK(parse_query(query).error().detail.ends_with("expected a day such as 2026-05-31"));
}

TEST_CASE("an operator without a value is refused") {
    CHECK(parse_query("from:").error().detail == "from: expected the name or the number of a contact");
    CHECK(parse_query("channel:\"\"").error().detail == "channel: expected the name of a channel");
}

TEST_CASE("a word with a colon that is no operator is a word") {
    CHECK(parse_query("https://yasno.example/from:me")->all.size() == 1);
    CHECK(parse_query("дата:12")->from.empty());
}

TEST_CASE("a query counts up to 32 words") {
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += "слово" + std::to_string(i) + " ";
    CHECK(parse_query(many)->all.size() == 32);
}

static std::string snippet(std::string_view query, std::string_view text) {
    return make_snippet(*parse_query(query), text);
}

TEST_CASE("a snippet shows the text around the first match in one line") {
    std::string text;
    for (int i = 0; i < 60; ++i)
        text += "слово\n";
    text += "и вот ключей доступа ";
    for (int i = 0; i < 60; ++i)
        text += "после ";
    const std::string shown = snippet("ключи", text);
    CHECK(shown.starts_with("…слово"));
    CHECK(shown.ends_with("после…"));
    CHECK(shown.find("ключей доступа") != std::string::npos);
    CHECK(shown.find('\n') == std::string::npos);
    CHECK(letters_in(shown) <= 122);
}

TEST_CASE("a short text is its own snippet") {
    CHECK(snippet("нет", "Добрый  день") == "Добрый день");
    CHECK(snippet("день", "").empty());
}

TEST_CASE("a snippet of one endless word is cut between letters") {
    std::string endless;
    for (int i = 0; i < 500; ++i)
        endless += "ж";
    const std::string shown = snippet("ж", endless);
    CHECK(letters_in(shown) == 121);
    CHECK(words_of(shown).size() == 1);
}
