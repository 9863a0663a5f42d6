// What a person's Telegram shows of one chat.
#pragma once

#include "providers/telegram/site.hpp"

namespace okno::sim::telegram {

// Without `messages` when nothing has changed since the version `since`.
json::object phone_view(Site& site, const ChatKey& key, std::int64_t since);

}  // namespace okno::sim::telegram
