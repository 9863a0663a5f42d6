// Choices as keyboards of VK (channels page of VK, section 6).
#pragma once

#include "base/json.hpp"

#include <string>

namespace okno::vk {

constexpr std::size_t most_choices = 40;

// The keyboard of an interactive message. Buttons are of the kind `text`: every client has it, and the answer stays in
// the conversation for the person too. The error says what VK has no button for.
Result<boost::json::object> keyboard_of(const JsonView& content);

// What is written above it: header, body, footer, and what does not fit on a button. Without a keyboard, every choice.
std::string text_of_choices(const JsonView& content, bool has_keyboard);

// What of the choices VK would refuse.
Result<void> check_choices(const JsonView& content);

// At most 40 characters in one line, cut at a word where one ends near.
std::string label_of(const std::string& title);

}  // namespace okno::vk
