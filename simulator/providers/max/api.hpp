// The bot API under `/max/`: who calls, how often, what shall go wrong, and the table of methods.
#pragma once

#include "net/server.hpp"
#include "providers/max/site.hpp"

namespace okno::sim::max {

// Takes the site's lock itself.
void answer_api(Site& site, net::ServerRequest request, net::Respond respond);

}  // namespace okno::sim::max
