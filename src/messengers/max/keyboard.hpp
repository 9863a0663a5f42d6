// Choices as inline keyboards of MAX (channels page of MAX, section 4): it has no other kind.
#pragma once

#include "base/json.hpp"

#include <string>

namespace okno::max {

// The rows of buttons of an interactive message. The error says what MAX has no button for.
Result<boost::json::array> rows_of(const JsonView& content);

// What is written above them: header, body, footer, and what does not fit on a button.
std::string text_of_choices(const JsonView& content);

// What of the choices MAX would refuse.
Result<void> check_choices(const JsonView& content);

// At most 128 characters, cut at a word where one ends near.
std::string label_of(const std::string& title);

}  // namespace okno::max
