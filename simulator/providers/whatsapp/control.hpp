// The control API of the WhatsApp provider: `/sim/...`, described in README.md.
#pragma once

#include "providers/whatsapp/site.hpp"

namespace okno::sim::whatsapp {

// Takes the site's lock itself.
void answer_control(Site& site, net::ServerRequest request, net::Respond respond);
// Forgets messages, and everything else unless that is kept; the lock is held.
void reset_world(Site& site, bool keeps_objects);

}  // namespace okno::sim::whatsapp
