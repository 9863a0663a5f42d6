// What an API answers to fields that are missing or wrong.
#include "http/body_reader.hpp"

#include <doctest/doctest.h>

using namespace okno;
using okno::http::BodyReader;

static boost::json::value json(const char* text) { return boost::json::parse(text); }

TEST_CASE("the first wrong field is named with its path, and later ones do not replace it") {
    const auto body = json(R"({"template": {"name": 7, "language": ""}})");
    BodyReader reader(body);
    BodyReader part = reader.part("template", true);
    part.text("name", 1, 10);
    part.text("language", 1, 10);
    REQUIRE_FALSE(reader.is_good());
    CHECK(reader.error().error().where == "template.name");
    CHECK(reader.error().error().detail == "template.name: expected text");
}

TEST_CASE("lengths count characters, not bytes") {
    const auto body = json(R"({"name": "Катя"})");
    BodyReader reader(body);
    CHECK(reader.text("name", 1, 4) == "Катя");
    CHECK(reader.is_good());
    reader.text("name", 1, 3);
    CHECK(reader.error().error().detail == "name: expected 1 to 3 characters");
}

TEST_CASE("absent and null are the same; a required one is missing") {
    const auto body = json(R"({"a": null})");
    BodyReader reader(body);
    CHECK(reader.text("a", 0, 5).empty());
    CHECK_FALSE(reader.flag("b"));
    CHECK(reader.whole("c", 1, 9, 5) == 5);
    CHECK(reader.texts("d").empty());
    CHECK(reader.is_good());
    reader.text("a", 1, 5);
    CHECK(reader.error().error().detail == "a is missing");
}

TEST_CASE("a body that is no object is wrong, and asking it further breaks nothing") {
    const auto body = json("[1]");
    BodyReader reader(body);
    CHECK(reader.text("a", 0, 5).empty());
    CHECK_FALSE(reader.is_good());
}

TEST_CASE("numbers out of range and flags of another type are told") {
    const auto body = json(R"({"n": 11, "f": "yes"})");
    BodyReader numbers(body);
    numbers.whole("n", 1, 10, 1);
    CHECK(numbers.error().error().detail == "n: expected a whole number from 1 to 10");
    BodyReader flags(body);
    flags.flag("f");
    CHECK(flags.error().error().detail == "f: expected true or false");
}
