// The control API of the Telegram provider: `/sim/telegram/...`, described in README.md.
#pragma once

#include "providers/telegram/site.hpp"

namespace okno::sim::telegram {

// Takes the site's lock itself.
void answer_control(Site& site, const net::ServerRequest& request, const net::Respond& respond);

// The lists of a world; empty, or what is wrong. The lock is held, as for the rest.
std::string create_world(Site& site, const json::object& world);
json::object show_world(const Site& site);
void reset_world(Site& site, bool keeps_objects);

}  // namespace okno::sim::telegram
