// Our messages as bodies of POST /messages (channels page of MAX, section 4).
#pragma once

#include "messengers/max/api.hpp"

namespace okno::max {

// `file` is the attachment that an upload made; empty: none. The error says what cannot be sent here.
Result<boost::json::object> body_of(const OutboundMessage& message, const std::optional<boost::json::object>& file);

Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content);

}  // namespace okno::max
