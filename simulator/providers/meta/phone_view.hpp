// A conversation as the person's phone shows it.
#pragma once

#include "providers/meta/site.hpp"

namespace okno::sim::meta {

// The messages are left out while nothing changed since the version `since`.
json::object phone_view(Site& site, Person& person, std::int64_t since);

}  // namespace okno::sim::meta
