// The methods that change what stands in a chat already, and those that only show something there.
#pragma once

#include "providers/telegram/call.hpp"

namespace okno::sim::telegram {

Answer edit_text(Site& site, Call& call);
Answer edit_caption(Site& site, Call& call);
Answer edit_markup(Site& site, Call& call);
Answer delete_message(Site& site, Call& call);
Answer delete_business_messages(Site& site, Call& call);
Answer set_reaction(Site& site, Call& call);
Answer send_action(Site& site, Call& call);
Answer answer_callback(Site& site, Call& call);
Answer read_business_message(Site& site, Call& call);

}  // namespace okno::sim::telegram
