#include "messengers/whatsapp/phone.hpp"

#include <doctest/doctest.h>

using namespace okno::whatsapp;

TEST_CASE("both forms of a Brazilian, Mexican or Argentine number are one person") {
    CHECK(canonical_phone("5511987654321") == canonical_phone("551187654321"));
    CHECK(canonical_phone("5215512345678") == canonical_phone("525512345678"));
    CHECK(canonical_phone("5491123456789") == canonical_phone("541123456789"));
}

TEST_CASE("numbers of other countries stay as they are") {
    CHECK(canonical_phone("79161234567") == "79161234567");
    CHECK(canonical_phone("390612345678") == "390612345678");
}

TEST_CASE("a Russian number may be typed with 8, with 9 and in any punctuation") {
    for (const char* typed : {"8 (916) 123-45-67", "916 123 45 67", "+7 916 123-45-67", "79161234567"}) {
        CAPTURE(typed);
        REQUIRE(typed_phone(typed));
        CHECK(typed_phone(typed)->value == "79161234567");
    }
}

TEST_CASE("what is no phone number is refused with an example of one") {
    for (const char* typed : {"", "hello", "12345", "+0123456789", "12345678901234567"}) {
        CAPTURE(typed);
        REQUIRE_FALSE(typed_phone(typed));
        CHECK(typed_phone(typed).error().detail.find("+7 916") != std::string::npos);
    }
}
