// Our messages as bodies of send_message (channels page of Viber, section 6).
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"

namespace okno::viber {

// `simple`: for the oldest programs, without keyboards and cards; `newer`: programs that are too old do not get it.
enum class Form { usual, simple, newer };

// The error says what cannot be sent here.
Result<boost::json::object> body_of(const OutboundMessage& message, const Channel& channel, Form form);

// At most 7000 characters each, and so many that the whole request stays within 30 KB.
std::vector<std::string> text_parts(const std::string& text);

Result<void> check_limits(const std::string& type, const JsonView& content);

}  // namespace okno::viber
