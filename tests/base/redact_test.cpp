#include "base/redact.hpp"

#include <doctest/doctest.h>

using namespace okno;

TEST_CASE("of a webhook its shape, kinds and times stay; nothing of who wrote what") {
    CHECK(redacted(
              R"({"type":"message_new","secret":"s3cret","object":{"from_id":100200,"text":"Привет","date":1795000000,
                       "is_hidden":false,"left":null,"list":["a@b.example",7]}})") ==
          R"({"type":"message_new","secret":"‹6›","object":{"from_id":"#","text":"‹6›","date":1795000000,)"
          R"("is_hidden":false,"left":null,"list":["‹11›","#"]}})");
}

TEST_CASE("a sentence is hidden also where a kind would stand") {
    CHECK(redacted(R"({"type":"I wrote this"})") == R"({"type":"‹12›"})");
    CHECK(redacted(R"({"type":"image/png","status":"read"})") == R"({"type":"image/png","status":"read"})");
}

TEST_CASE("what is no JSON is told by its length") {
    CHECK(redacted("payload=secret") == "‹14›");
    CHECK(redacted("") == "‹0›");
}
