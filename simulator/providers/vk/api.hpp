// POST /method/<name>: who calls, how often, what shall go wrong, and the table of methods.
#pragma once

#include "net/server.hpp"
#include "providers/vk/site.hpp"

namespace okno::sim::vk {

// Takes the site's lock itself.
void answer_api(Site& site, net::ServerRequest request, net::Respond respond);

}  // namespace okno::sim::vk
