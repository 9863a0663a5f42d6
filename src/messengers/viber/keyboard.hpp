// Choices as keyboards of Viber (channels page of Viber, section 7).
#pragma once

#include "base/json.hpp"
#include "messengers/viber/tracking.hpp"

#include <string>
#include <vector>

namespace okno::viber {

constexpr std::size_t most_choices = 48;

// Buttons, or the rows of all sections.
std::vector<Choice> choices_of(const JsonView& content);

// The keyboard of an interactive message, which stands in place of the person's own until our next message. The error
// says what Viber has no button for.
Result<boost::json::object> keyboard_of(const JsonView& content);

// A keyboard of these alone, one below the other while there are rows for that.
boost::json::object keyboard_of(const std::vector<Choice>& choices);

// The oldest program that has such a keyboard.
int version_for(const JsonView& content);

// What is written above it: header, body, footer, the address of a link, and what does not fit on a button. Without a
// keyboard every choice on a numbered line.
std::string text_of_choices(const JsonView& content, bool has_keyboard);

// What of the choices Viber would refuse.
Result<void> check_choices(const JsonView& content);

}  // namespace okno::viber
