// Words as the search compares them, for texts of letters that fold in one way or another.
#include "storage/search/terms.hpp"

#include "properties/holds.hpp"

#include <array>

using namespace okno::storage;
using okno::tests::holds;

static std::string any_word() {
    static constexpr std::array letters{"a", "Z", "e",  "é",  "e\u0301", "я", "Ж",      "ё",      "Ё",      "е\u0308",
                                        "7", "ß", "ﬁ",  "Ａ", "İ",       "ı", "Σ",      "ς",      "ǅ",      "й",
                                        "ї", "ґ", "ﾊﾟ", "한", "\u00AD",  "x", "\u0308", "\u0323", "\u200D", "№"};
    std::string word = "o";  // no mark begins a word
    for (const int one : *rc::gen::container<std::vector<int>>(rc::gen::inRange<int>(0, letters.size())))
        word += letters[static_cast<std::size_t>(one)];
    return word;
}

static std::string folded(const std::string& text) {
    std::string out;
    for (const Word& word : words_of(text))
        out += (out.empty() ? "" : " ") + word.folded;
    return out;
}

TEST_CASE("a word that is folded already is folded into itself") {
    CHECK(holds([] {
        const std::string once = folded(any_word());
        RC_ASSERT(folded(once) == once);
    }));
}

TEST_CASE("a word is found whatever stands around it") {
    CHECK(holds([] {
        const std::string word = any_word();
        const std::string alone = folded(word);
        RC_ASSERT(folded("  (" + word + ") ") == alone);
        RC_ASSERT(folded("first " + word + ", last") == "first " + alone + " last");
    }));
}

TEST_CASE("е and ё, small and capital, composed or not, are one word") {
    const std::string wanted = folded("елка");
    for (const char* word : {"ёлка", "Ёлка", "ЁЛКА", "е\u0308лка", "Е\u0308ЛКА", "ёлк\u00ADа", "е\u0308\u0308лка"})
        CHECK_MESSAGE(folded(word) == wanted, word);
}

TEST_CASE("a word of many marks is cut, and costs no more than its length") {
    std::string word = "е";
    for (int i = 0; i < 20'000; ++i)
        word += "\u0308";
    CHECK(letters_in(folded(word)) <= 64);
}
