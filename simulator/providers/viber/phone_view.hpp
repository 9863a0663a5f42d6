// What a person sees of a chat.
#pragma once

#include "providers/viber/site.hpp"

namespace okno::sim::viber {

// `messages` are left out while nothing changed since version `since`.
json::object phone_view(Site& site, const Bot& bot, const Person& person, std::int64_t since);

}  // namespace okno::sim::viber
