// The dialog as the person's phone shows it.
#pragma once

#include "providers/max/site.hpp"

namespace okno::sim::max {

// Without the messages when nothing changed since the version `since`.
json::object phone_view(Site& site, const Bot& bot, const Person& person, std::int64_t since);

}  // namespace okno::sim::max
