// Green-API's API: /waInstance<id>/<method>/<token>, and the store of its files, /waMedia/...
#pragma once

#include "net/server.hpp"
#include "providers/gateway/site.hpp"

namespace okno::sim::gateway::green_api {

bool owns(std::string_view path);
// Takes the site's lock itself.
void answer_api(Site& site, const net::ServerRequest& request, const net::Respond& respond);

}  // namespace okno::sim::gateway::green_api
