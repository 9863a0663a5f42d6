// The control API of the Viber provider: `/sim/viber/...`, described in README.md.
#pragma once

#include "net/server.hpp"
#include "providers/viber/site.hpp"

namespace okno::sim::viber {

// Takes the site's lock itself.
void answer_control(Site& site, net::ServerRequest request, net::Respond respond);
// Creates what is in {"bots": [...], "people": [...]}; the lock is held. Empty, or what is wrong with it.
std::string create_world(Site& site, const json::object& world);
json::object show_world(const Site& site);
// Forgets what was said, and the bots and people too unless they are kept.
void reset(Site& site, bool keeps_world);

}  // namespace okno::sim::viber
