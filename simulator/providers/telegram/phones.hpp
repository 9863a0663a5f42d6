// What people do in their Telegram: with a bot, or as owner and client in the chats of a business account.
#pragma once

#include "providers/telegram/site.hpp"

#include <expected>

namespace okno::sim::telegram {

// A wish of the control API that cannot be granted: status and sentence.
struct NotPossible {
    int status = 400;
    std::string why;
};

// `{"id": message_id}` and what else the act made.
using Done = std::expected<json::object, NotPossible>;

// Writes, presses, edits, blocks, as `wish` says (README.md lists the kinds).
Done act_with_bot(Site& site, Bot& bot, const Person& person, const json::object& wish);
// The same in the owner's chat with a client; `wish.from` says which of the two.
Done act_in_business(Site& site, const Connection& connection, const json::object& wish);

// The account is connected to the bot, changed or disconnected.
void tell_connection(Site& site, const Connection& connection);

}  // namespace okno::sim::telegram
