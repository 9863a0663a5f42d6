// What the state of a gateway's session means for its channel (channels page of the gateway, section 5).
#pragma once

#include "domain/events.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace okno::gateway {

constexpr int failures_of_a_ban = 4;  // one, and one after each of three restarts

// In words for operators. `failures`: how often the session failed lately. Empty: nothing to be told.
std::optional<ChannelNotice> notice_of(std::string_view status, int failures);

// The account was blocked by WhatsApp, as far as can be seen from here.
ChannelNotice blocked_notice();

}  // namespace okno::gateway
