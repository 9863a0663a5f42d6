// The control API of the gateway provider: `/sim/gateway/...`, described in README.md.
#pragma once

#include "net/server.hpp"
#include "providers/gateway/site.hpp"

namespace okno::sim::gateway {

// Takes the site's lock itself.
void answer_control(Site& site, net::ServerRequest request, net::Respond respond);
// Creates what is in {"api_key": ..., "sessions": [...], "people": [...]}; the lock is held. Empty, or what is wrong.
std::string create_world(Site& site, const json::object& world);
json::object show_world(const Site& site);
// Forgets what was said, and the sessions and people too unless they are kept.
void reset(Site& site, bool keeps_world);

}  // namespace okno::sim::gateway
