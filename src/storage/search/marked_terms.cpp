#include "storage/search/marked_terms.hpp"

#include <algorithm>

namespace okno::storage {

// Unfinished words of up to so many letters have terms of their own; longer ones are looked up among the words.
constexpr std::size_t longest_prefix = 3;
constexpr std::size_t fewest_digits_of_phone = 4;

void DocumentTerms::add_text(std::string_view text) {
    if (!words_.empty()) words_ += ' ' + number_ + 'b';
    for (const Word& word : words_of(text)) {
        words_ += (words_.empty() ? "" : " ") + number_ + 'w' + word.folded;
        others_.insert('s' + word.stem);
        for (std::size_t count = 1; count <= longest_prefix; ++count)
            if (letters_in(word.folded) >= count) others_.insert('p' + std::string(first_letters(word.folded, count)));
    }
    for (const PhoneRun& run : phones_of(text))
        for (const std::string& form : phone_forms(run.digits))
            others_.insert('d' + form);
}

void DocumentTerms::add_fact(const std::string& fact) { others_.insert('x' + fact); }

std::string DocumentTerms::joined() const {
    std::string out = words_;
    for (const std::string& term : others_)
        out += (out.empty() ? "" : " ") + number_ + term;
    return out;
}

static std::string hex_of(const Uuid& id) {
    std::string text = id.text();
    std::erase(text, '-');
    return text;
}

std::string fact_of(ConversationId conversation) { return "c" + hex_of(conversation.value()); }
std::string fact_of(ChannelId channel) { return "h" + hex_of(channel.value()); }

std::string MatchExpression::term(char kind, std::string_view value) const {
    return '"' + number_ + kind + std::string(value) + '"';
}

void MatchExpression::add(const std::string& part) { text_ += (text_.empty() ? "(" : " AND (") + part + ')'; }

void MatchExpression::require_any(const std::vector<std::string>& facts) {
    std::string any;
    for (const std::string& fact : facts)
        any += (any.empty() ? "" : " OR ") + term('x', fact);
    add(any);
}

// A phrase that ends in a single letter is looked up as it is: too many words begin with one.
std::string MatchExpression::phrase(const std::vector<Word>& words, bool is_unfinished) const {
    std::string out;
    for (const Word& word : words)
        out += (out.empty() ? "" : " ") + number_ + 'w' + word.folded;
    return '"' + out + '"' + (is_unfinished && letters_in(words.back().folded) > 1 ? " *" : "");
}

std::string MatchExpression::unfinished(const Word& word) const {
    return letters_in(word.folded) <= longest_prefix ? term('p', word.folded) : term('w', word.folded) + " *";
}

static bool is_number(std::string_view folded) {
    return std::ranges::all_of(folded, [](char c) { return c >= '0' && c <= '9'; });
}

// The forms under which the index may have the number: without its country where the last 10 digits tell it, and
// without a leading 7 or 8 while it is being typed.
static std::vector<std::string> asked_forms(const std::string& digits) {
    if (digits.size() > 10) return {digits.substr(digits.size() - 10)};
    std::vector<std::string> out{digits};
    if (digits.front() == '7' || digits.front() == '8') out.push_back(digits.substr(1));
    return out;
}

void MatchExpression::require(const Requirement& wanted) {
    std::string any;
    const Word& first = wanted.words.front();
    switch (wanted.kind) {
        case Requirement::Kind::phrase: any = phrase(wanted.words, wanted.is_unfinished); break;
        case Requirement::Kind::word:
            any = term('s', first.stem);
            if (!wanted.is_unfinished) break;
            any += " OR " + unfinished(first);
            if (is_number(first.folded) && first.folded.size() >= fewest_digits_of_phone)
                any += " OR " + term('d', first.folded) + " *";
            break;
        case Requirement::Kind::phone:
            any = phrase(wanted.words, wanted.is_unfinished);
            for (const std::string& form : asked_forms(wanted.digits))
                any += " OR " + term('d', form) + (wanted.is_unfinished && form.size() < 10 ? " *" : "");
            break;
    }
    add(any);
}

}  // namespace okno::storage
