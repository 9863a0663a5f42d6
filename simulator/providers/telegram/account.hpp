// The methods about the bot itself.
#pragma once

#include "providers/telegram/call.hpp"

namespace okno::sim::telegram {

Answer get_me(Site& site, Call& call);
Answer set_commands(Site& site, Call& call);
Answer profile_photos(Site& site, Call& call);

}  // namespace okno::sim::telegram
