// Buttons and lists as numbered lines: real ones do not arrive reliably through a gateway (channels page of the
// gateway, section 3).
#pragma once

#include "base/json.hpp"

#include <string>

namespace okno::gateway {

// Header, body, the choices as "1. Yes", the footer; of a link its words and address.
std::string text_of_choices(const JsonView& content);
// The error names the field of our API.
Result<void> check_choices(const JsonView& content);

}  // namespace okno::gateway
