// What a person's message says.
#pragma once

#include "base/json.hpp"
#include "domain/events.hpp"
#include "messengers/viber/tracking.hpp"

namespace okno::viber {

// Fills type, text, content, media and referral from `message` of a callback.
void read_content(const JsonView& message, const Tracking& tracking, InboundMessage& into);

}  // namespace okno::viber
