// The control API of the WhatsApp provider: `/sim/...`, described in README.md.
#pragma once

#include "providers/whatsapp/site.hpp"

namespace okno::sim::whatsapp {

// Takes the site's lock itself.
void answer_control(Site& site, net::ServerRequest request, net::Respond respond);
// Creates everything in a world document; the lock is held. Empty, or what is wrong with it.
std::string create_world(Site& site, const json::object& world);

}  // namespace okno::sim::whatsapp
