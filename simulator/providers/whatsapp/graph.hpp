// The Graph API's door: version, token, faults, routing, journal.
#pragma once

#include "providers/whatsapp/site.hpp"

namespace okno::sim::whatsapp {

// Takes the site's lock itself.
void answer_graph(Site& site, net::ServerRequest request, net::Respond respond);

}  // namespace okno::sim::whatsapp
