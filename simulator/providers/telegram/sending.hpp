// The methods that put a message into a chat.
#pragma once

#include "providers/telegram/call.hpp"

namespace okno::sim::telegram {

Answer send_text(Site& site, Call& call);
Answer send_place(Site& site, Call& call);
Answer send_venue(Site& site, Call& call);
Answer send_contact(Site& site, Call& call);
// sendPhoto, sendVoice, ...: `kind` is the parameter that holds the file.
Answer send_file(Site& site, Call& call, const std::string& kind);
Answer send_album(Site& site, Call& call);

}  // namespace okno::sim::telegram
