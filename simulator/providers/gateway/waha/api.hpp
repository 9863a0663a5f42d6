// WAHA's API: /api/..., /ping, /health.
#pragma once

#include "net/server.hpp"
#include "providers/gateway/site.hpp"

namespace okno::sim::gateway::waha {

bool owns(std::string_view path);
// Takes the site's lock itself.
void answer_api(Site& site, const net::ServerRequest& request, const net::Respond& respond);

}  // namespace okno::sim::gateway::waha
