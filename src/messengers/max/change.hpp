// Changes of what the bot has written (channels page of MAX, section 4).
#pragma once

#include "messengers/max/api.hpp"

namespace okno::max {

// PUT /messages or DELETE /messages. Attachments that a body does not name stay.
HttpRequest request_for(const OutboundChange& change, const Channel& channel);

// What became of it. A message that is not there any more is deleted.
SendOutcome outcome_of(const Result<HttpReply>& reply, ChangeKind kind);

}  // namespace okno::max
