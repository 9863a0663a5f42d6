// What the Cloud API takes of each kind of message, checked before anything is queued.
#pragma once

#include "base/json.hpp"

#include <string>

namespace okno::whatsapp {

// `content` as the message keeps it. The error says what to change, its field as our API names it.
Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content);

}  // namespace okno::whatsapp
