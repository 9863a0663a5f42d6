#include "base/utf8.hpp"

#include <doctest/doctest.h>

using namespace okno;

TEST_CASE("characters of one to four bytes are text") {
    for (const char* text : {"", "a", "\xC2\x80", "\xD0\xBA\xD0\xBB", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEF\xBF\xBF",
                             "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
        CHECK(is_utf8(text));
}

TEST_CASE("overlong forms, surrogates, cut characters and what lies above U+10FFFF are no text") {
    for (const char* bytes : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x9F\xBF", "\xED\xA0\x80",
                              "\xE2\x82", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"})
        CHECK_FALSE(is_utf8(bytes));
}

TEST_CASE("bytes that are no text are shown as replacement characters, the rest as it is") {
    CHECK(printable("a\xFF\xD0\xBA\xE2\x82z") == "a\xEF\xBF\xBD\xD0\xBA\xEF\xBF\xBD\xEF\xBF\xBDz");
}
