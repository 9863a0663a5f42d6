// Choices as keyboards of the Bot API (channels page of Telegram, section 7).
#pragma once

#include "base/json.hpp"

namespace okno::telegram {

// `reply_markup` of choices. The error names the kind that Telegram has no button for.
Result<boost::json::object> markup_of(const JsonView& content);
// Whether it stands in place of the person's own keyboard, as requests do. Business accounts have none such.
bool is_reply_keyboard(const boost::json::object& markup);

// What is above the keyboard. Header, footer, sections and descriptions have no place of their own.
std::string text_of_choices(const JsonView& content);

// Whether Telegram takes the choices; the error names the field of our API.
Result<void> check_choices(const JsonView& content);

}  // namespace okno::telegram
