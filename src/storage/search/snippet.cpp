#include "storage/search/query.hpp"

#include <algorithm>
#include <optional>

namespace okno::storage {

constexpr std::size_t letters_before = 40;
constexpr std::size_t letters_shown = 120;

static bool is_asked(const Requirement& wanted, const Word& word) {
    for (const Word& one : wanted.words) {
        const bool is_prefix = wanted.is_unfinished && &one == &wanted.words.back();
        if (is_prefix && word.folded.starts_with(one.folded)) return true;
        if (wanted.kind == Requirement::Kind::word ? word.stem == one.stem : word.folded == one.folded) return true;
    }
    return false;
}

// Where the first word stands that is asked for.
static std::optional<std::size_t> first_match(const ParsedQuery& query, std::string_view text) {
    for (const PhoneRun& run : phones_of(text))
        for (const Requirement& wanted : query.all)
            if (wanted.kind == Requirement::Kind::phone &&
                run.digits.ends_with(
                    wanted.digits.substr(wanted.digits.size() - std::min<std::size_t>(wanted.digits.size(), 7))))
                return run.begin;
    for (const Word& word : words_of(text))
        for (const Requirement& wanted : query.all)
            if (is_asked(wanted, word)) return word.begin;
    return std::nullopt;
}

static bool is_inside_letter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// One line: what breaks or indents it becomes one space.
static std::string in_one_line(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_blank = static_cast<unsigned char>(c) <= ' ';
        if (!is_blank) out += c;
        if (is_blank && !out.empty() && out.back() != ' ') out += ' ';
    }
    return out;
}

static std::size_t letters_back(std::string_view text, std::size_t at, std::size_t count) {
    while (at > 0 && count > 0) {
        --at;
        if (!is_inside_letter(text[at])) --count;
    }
    while (at > 0 && is_inside_letter(text[at]))
        --at;
    return at;
}

std::string make_snippet(const ParsedQuery& query, std::string_view whole) {
    const std::string text = in_one_line(whole);
    std::size_t begin = letters_back(text, first_match(query, text).value_or(0), letters_before);
    // From the beginning of a word, unless that word is endless.
    const std::size_t blank = text.find(' ', begin);
    if (begin > 0 && blank != std::string::npos && blank < begin + letters_before / 2) begin = blank + 1;
    std::size_t end = begin + first_letters(std::string_view(text).substr(begin), letters_shown).size();
    if (end < text.size()) {
        const std::size_t last = text.rfind(' ', end);
        if (last != std::string::npos && last > begin + (end - begin) * 3 / 4) end = last;
    }
    return (begin > 0 ? "…" : "") + text.substr(begin, end - begin) + (end < text.size() ? "…" : "");
}

}  // namespace okno::storage
