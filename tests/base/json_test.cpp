#include "base/json.hpp"

#include <doctest/doctest.h>

using namespace okno;

static std::string body_of(std::string_view text) {
    const auto document = parse_json(text);
    return document ? JsonView(*document)["body"].text_or("(absent)") : document.error().detail;
}

TEST_CASE("a lone surrogate becomes the replacement character") {
    CHECK(body_of(R"({"body":"a\ud83dz"})") == "a\uFFFDz");
    CHECK(body_of(R"({"body":"a\ude00z"})") == "a\uFFFDz");
    CHECK(body_of(R"({"body":"\ud83d\ud83d\ude00"})") == "\uFFFD\U0001F600");
}

TEST_CASE("a surrogate pair and an escaped backslash stay as they are") {
    CHECK(body_of(R"({"body":"\ud83d\ude00"})") == "\U0001F600");
    CHECK(body_of(R"({"body":"\\ud83d"})") == "\\ud83d");
}

TEST_CASE("U+0000 is removed from text") { CHECK(body_of(R"({"body":"a\u0000b"})") == "ab"); }

TEST_CASE("U+0000 is removed from names too, and of two names that become one the last counts") {
    const auto value = parse_json(R"({"a":1,"b\u0000":2,"\u0000a":3,"c":{"\u0000":4}})");
    REQUIRE(value);
    CHECK(boost::json::serialize(*value) == R"({"a":3,"b":2,"c":{"":4}})");
}

TEST_CASE("a number that is too large to be one stays within what JSON can write") {
    const auto value = parse_json("[1e999,-1e999,1e308,0.5,0e999]");
    REQUIRE(value);
    CHECK(boost::json::serialize(*value) == "[1E308,-1E308,1E308,5E-1,0E0]");
}

TEST_CASE("bad UTF-8, broken and too deep bodies are errors, not crashes") {
    CHECK_FALSE(parse_json("{\"body\":\"\xff\xfe\"}"));
    CHECK_FALSE(parse_json("{\"body\":"));
    CHECK_FALSE(parse_json(""));
    CHECK_FALSE(parse_json("{} {}"));
    CHECK_FALSE(parse_json(std::string(100'000, '[')));
}

TEST_CASE("an error names the path of what is missing") {
    const auto document = parse_json(R"({"entry":[{"changes":[{"value":{}}]}]})");
    REQUIRE(document);
    const auto missing = JsonView(*document)["entry"].at(0)["changes"].at(0)["value"]["id"].required_text();
    REQUIRE_FALSE(missing);
    CHECK(missing.error().where == "entry[0].changes[0].value.id");
    const JsonView entry = JsonView(*document)["entry"];
    CHECK(entry.path() == "entry");
    CHECK(entry.at(0)["changes"].at(0).path() == "entry[0].changes[0]");
    CHECK(entry.at(3)["text"]["body"].path() == "entry[3].text.body");
    CHECK(entry.at(0)["changes"].at(1).path() == "entry[0].changes[1]");
    CHECK(JsonView(*document)["other"].at(2)["id"].path() == "other[2].id");
    CHECK(JsonView(*document).path().empty());
}

TEST_CASE("ids and times are read both as text and as numbers") {
    const auto document = parse_json(R"({"a":"1795000000","b":1795000000,"c":"x","d":null})");
    REQUIRE(document);
    const JsonView view(*document);
    CHECK(view["a"].integer() == 1795000000);
    CHECK(view["b"].integer() == 1795000000);
    CHECK(view["b"].text() == "1795000000");
    CHECK_FALSE(view["c"].integer());
    CHECK_FALSE(view["d"].is_there());
    CHECK_FALSE(view["e"]["f"].text());
}
