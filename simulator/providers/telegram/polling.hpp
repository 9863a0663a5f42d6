// getUpdates: answers at once when something waits, else when something comes or the time is over.
#pragma once

#include "providers/telegram/call.hpp"

namespace okno::sim::telegram {

// Answers the call now or keeps it; writes the journal with the answer.
void poll_updates(Site& site, Call call, net::Respond respond);

// What the bot's waiting poll gets; nothing happens when none waits.
void answer_poll(Site& site, std::int64_t bot, json::value updates);
void end_poll(Site& site, std::int64_t bot, const Refusal& why);

}  // namespace okno::sim::telegram
