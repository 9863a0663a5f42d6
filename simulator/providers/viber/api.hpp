// Viber's bot API: POST /pa/<method>.
#pragma once

#include "net/server.hpp"
#include "providers/viber/site.hpp"

namespace okno::sim::viber {

// Takes the site's lock itself.
void answer_api(Site& site, net::ServerRequest request, net::Respond respond);

}  // namespace okno::sim::viber
