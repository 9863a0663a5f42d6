// Whether a bot may write into a chat, and how fast.
#pragma once

#include "providers/telegram/call.hpp"

namespace okno::sim::telegram {

// The chat the parameters name. Refused: unknown, never started, blocked, gone, another bot; for a business
// connection: unknown, off, without the right, without a message of the last 24 hours.
std::expected<ChatKey, Refusal> find_chat(Site& site, Call& call, std::string_view right = "can_reply");

// Takes `count` messages from the bot's 30 a second and the chat's 1 a second with a burst of 5.
Problem check_rates(Site& site, Bot& bot, const ChatKey& key, std::int64_t count);

}  // namespace okno::sim::telegram
