// Choices as Meta's buttons: a template, quick replies, or numbered lines where neither can hold them.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "messengers/meta/platform.hpp"

#include <string>

namespace okno::meta {

constexpr std::size_t most_template_buttons = 3;
constexpr std::size_t most_template_text = 640;  // characters
constexpr std::size_t most_quick_replies = 13;
constexpr std::size_t most_payload = 1000;

// The member `message` of what is sent for an interactive message. Errors: `type_not_supported`.
Result<boost::json::object> choices_of(const Platform& platform, const JsonView& content);

// The words on a button: the title, cut at a word when it is longer than 20 characters.
std::string label_of(const std::string& title);

// What the person reads above the choices.
std::string text_of_choices(const Platform& platform, const JsonView& content);

// Errors name the field of our API.
Result<void> check_choices(const Platform& platform, const JsonView& content);

}  // namespace okno::meta
