// What a bot says.
#pragma once

#include "providers/viber/call.hpp"

namespace okno::sim::viber {

Answer send_message(Site& site, const Call& call);
Answer broadcast_message(Site& site, const Call& call);

}  // namespace okno::sim::viber
