// Cutting long texts, in the units of each messenger.
#include "messengers/split_text.hpp"

#include <doctest/doctest.h>

using namespace okno;

static std::string repeated(const std::string& what, int times) {
    std::string out;
    for (int i = 0; i < times; ++i)
        out += what;
    return out;
}

TEST_CASE("a character beyond U+FFFF is two UTF-16 units and one character") {
    CHECK(length_in(TextUnit::characters, "aё€😀") == 4);
    CHECK(length_in(TextUnit::utf16, "aё€😀") == 5);
    CHECK(length_in(TextUnit::utf16, "") == 0);
}

TEST_CASE("parts are counted in the unit that is asked for, and no character is cut") {
    CHECK(split_text("😀😀😀", 4, TextUnit::utf16) == std::vector<std::string>{"😀😀", "😀"});
    CHECK(split_text("😀😀😀", 3, TextUnit::utf16) == std::vector<std::string>{"😀", "😀", "😀"});
    CHECK(split_text("😀😀😀", 4) == std::vector<std::string>{"😀😀😀"});
    CHECK(split_text("a😀", 1, TextUnit::utf16) == std::vector<std::string>{"a", "😀"});
}

TEST_CASE("whatever is cut, every part fits and nothing but blanks is lost") {
    const std::string text = repeated("слово 😀😀 more words\n", 700);
    std::string whole;
    for (const std::string& part : split_text(text, 4096, TextUnit::utf16)) {
        CHECK(length_in(TextUnit::utf16, part) <= 4096);
        whole += part + "\n";
    }
    const auto without_blanks = [](std::string all) {
        std::erase_if(all, [](char c) { return c == ' ' || c == '\n'; });
        return all;
    };
    CHECK(without_blanks(whole) == without_blanks(text));
}
