#include "domain/choices.hpp"

#include <charconv>

namespace okno {

constexpr std::size_t longest_answer = 12;  // "№ 100)." in bytes

static std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// The digits of an answer that is a number and what people write around it; empty: it is something else.
static std::string_view digits_of(std::string_view answer) {
    std::string_view text = trimmed(answer);
    if (text.size() > longest_answer) return {};
    for (const std::string_view sign : {std::string_view("№"), std::string_view("#")})
        if (text.starts_with(sign)) text = trimmed(text.substr(sign.size()));
    while (text.ends_with('.') || text.ends_with(')'))
        text.remove_suffix(1);
    text = trimmed(text);
    const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    return is_number ? text : std::string_view();
}

bool may_be_number(std::string_view answer) { return !digits_of(answer).empty(); }

std::optional<Choice> choice_meant(std::string_view answer, const std::vector<Choice>& choices) {
    const std::string_view digits = digits_of(answer);
    std::size_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits.empty() || read.ec != std::errc{} || number == 0 || number > choices.size()) return std::nullopt;
    return choices[number - 1];
}

}  // namespace okno
