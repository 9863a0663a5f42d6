// The words and numbers of a text in the form in which they are compared: made by us, so that every engine finds the
// same, and only stored by it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace okno::storage {

// Where a word stands in its text (bytes), and what it is compared by.
struct Word {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string folded;  // NFKC, case folded, ё as е, cut at 64 letters; letters and digits only
    std::string stem;    // Snowball's for words all Cyrillic (Russian) or all Latin (English); else as folded
};

// In order. Text that is not valid UTF-8 gives the words that can be read.
std::vector<Word> words_of(std::string_view text);

// Digits that may be a phone number: 7 to 15 of them with spaces, brackets, hyphens and dots between.
struct PhoneRun {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string digits;
};

// In order; a run is followed by those of its pieces between spaces that have enough digits themselves, as two
// numbers beside each other have.
std::vector<PhoneRun> phones_of(std::string_view text);

// All digits, the last 10 and the last 7: so the same number is found with any prefix, or none.
std::vector<std::string> phone_forms(const std::string& digits);

// How many letters a folded word has.
std::size_t letters_in(std::string_view folded);
// Its first `count` letters.
std::string_view first_letters(std::string_view folded, std::size_t count);

}  // namespace okno::storage
