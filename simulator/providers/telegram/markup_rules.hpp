// What may stand under a message: which keyboards Telegram takes and which it refuses.
#pragma once

#include "providers/telegram/refusals.hpp"

namespace okno::sim::telegram {

// The markup as messages keep it, buttons of a reply keyboard all objects; empty: none. In the chats of a business
// account only inline keyboards are possible.
std::expected<json::object, Refusal> check_markup(const json::value& given, bool is_business);

}  // namespace okno::sim::telegram
