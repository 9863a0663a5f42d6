// Our messages as parameters of messages.send (channels page of VK, section 5).
#pragma once

#include "messengers/vk/api.hpp"

namespace okno::vk {

// `attachment` is what VK calls a file that was left there; empty: none. The error says what cannot be sent here.
Result<Parameters> parameters_of(const OutboundMessage& message, const std::string& attachment, bool has_keyboard);

// 1 to 2^31 - 1, the same for the same reference.
std::int64_t random_id_of(const std::string& reference);

Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content);

}  // namespace okno::vk
