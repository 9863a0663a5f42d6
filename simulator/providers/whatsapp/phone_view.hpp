// What a phone's screen shows.
#pragma once

#include "providers/whatsapp/site.hpp"

namespace okno::sim::whatsapp {

// The chat as the phone shows it; `all` also what never got there. Without `messages` when nothing has changed since
// the version `since`.
json::object phone_view(Site& site, const Phone& phone, std::string_view number_id, bool all, std::int64_t since);

}  // namespace okno::sim::whatsapp
