// The control API of the provider: `/sim/meta/...`, described in README.md.
#pragma once

#include "net/server.hpp"
#include "providers/meta/site.hpp"

namespace okno::sim::meta {

// Takes the site's lock itself.
void answer_control(Site& site, net::ServerRequest request, net::Respond respond);
// Creates what is in {"apps": [...], "accounts": [...], "people": [...]}; the lock is held. Empty, or what is wrong.
std::string create_world(Site& site, const json::object& world);
json::object show_world(const Site& site);
// Forgets what was said, and the rest too unless it is kept.
void reset(Site& site, bool keeps_world);

}  // namespace okno::sim::meta
