// messages.* : what a community says and does.
#pragma once

#include "providers/vk/call.hpp"

namespace okno::sim::vk {

Answer send_message(Site& site, const Call& call);
Answer edit_message(Site& site, const Call& call);
Answer get_by_number(Site& site, const Call& call);
Answer delete_messages(Site& site, const Call& call);
Answer set_activity(Site& site, const Call& call);
Answer mark_as_read(Site& site, const Call& call);
Answer answer_press(Site& site, const Call& call);
Answer is_allowed(Site& site, const Call& call);

// Whether the community may write to this person.
std::optional<Refusal> check_recipient(Site& site, const Group& group, std::int64_t peer);

}  // namespace okno::sim::vk
