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

Alternative MatchExpression::term(char kind, std::string_view value, bool is_prefix) const {
    return {{number_ + kind + std::string(value)}, is_prefix};
}

void MatchExpression::require_any(const std::vector<std::string>& facts) {
    std::vector<Alternative> any;
    for (const std::string& fact : facts)
        any.push_back(term('x', fact));
    all_.push_back(std::move(any));
}

// A phrase that ends in a single letter is looked up as it is: too many words begin with one.
Alternative MatchExpression::phrase(const std::vector<Word>& words, bool is_unfinished) const {
    Alternative out;
    for (const Word& word : words)
        out.terms.push_back(number_ + 'w' + word.folded);
    out.is_prefix = is_unfinished && letters_in(words.back().folded) > 1;
    return out;
}

Alternative MatchExpression::unfinished(const Word& word) const {
    const bool is_short = letters_in(word.folded) <= longest_prefix;
    return term(is_short ? 'p' : 'w', word.folded, !is_short);
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
    std::vector<Alternative> any;
    const Word& first = wanted.words.front();
    switch (wanted.kind) {
        case Requirement::Kind::phrase: any.push_back(phrase(wanted.words, wanted.is_unfinished)); break;
        case Requirement::Kind::word:
            any.push_back(term('s', first.stem));
            if (!wanted.is_unfinished) break;
            any.push_back(unfinished(first));
            if (is_number(first.folded) && first.folded.size() >= fewest_digits_of_phone)
                any.push_back(term('d', first.folded, true));
            break;
        case Requirement::Kind::phone:
            any.push_back(phrase(wanted.words, wanted.is_unfinished));
            for (const std::string& form : asked_forms(wanted.digits))
                any.push_back(term('d', form, wanted.is_unfinished && form.size() < 10));
            break;
    }
    all_.push_back(std::move(any));
}

static std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string out;
    for (const std::string& part : parts)
        out += (out.empty() ? std::string() : std::string(between)) + part;
    return out;
}

std::string MatchExpression::for_fts5() const {
    std::vector<std::string> groups;
    for (const auto& group : all_) {
        std::vector<std::string> any;
        for (const Alternative& one : group)
            any.push_back('"' + joined(one.terms, " ") + '"' + (one.is_prefix ? " *" : ""));
        groups.push_back('(' + joined(any, " OR ") + ')');
    }
    return joined(groups, " AND ");
}

std::string MatchExpression::for_tsquery() const {
    std::vector<std::string> groups;
    for (const auto& group : all_) {
        std::vector<std::string> any;
        for (const Alternative& one : group) {
            std::vector<std::string> quoted;
            for (const std::string& word : one.terms)
                quoted.push_back('\'' + word + '\'');
            any.push_back(joined(quoted, " <-> ") + (one.is_prefix ? ":*" : ""));
        }
        groups.push_back('(' + joined(any, " | ") + ')');
    }
    return joined(groups, " & ");
}

}  // namespace okno::storage
