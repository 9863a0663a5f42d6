// What a bot says and does in its dialogs.
#pragma once

#include "providers/max/call.hpp"

namespace okno::sim::max {

Answer send_message(Site& site, const Call& call);
Answer edit_message(Site& site, const Call& call);
Answer delete_message(Site& site, const Call& call);
Answer answer_press(Site& site, const Call& call);
// POST /chats/{chat}/actions
Answer act_in_chat(Site& site, const Call& call);

}  // namespace okno::sim::max
