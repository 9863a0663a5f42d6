// Changes of what the bot has written, as calls of the Bot API (channels page of Telegram, section 6).
#pragma once

#include "messengers/telegram/send.hpp"

namespace okno::telegram {

// The error says that the message is none of Telegram's: a pressed button, say.
Result<Call> call_for(const OutboundChange& change);

// What became of it. A message that is not there any more is deleted.
SendOutcome outcome_of(const Result<HttpReply>& reply, ChangeKind kind);

}  // namespace okno::telegram
