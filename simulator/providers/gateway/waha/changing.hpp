// What the account does to a message that it has sent: edits it, or deletes it for both.
#pragma once

#include "providers/gateway/waha/call.hpp"

namespace okno::sim::gateway::waha {

// PUT or DELETE of a message. Refused as WhatsApp does: what another wrote, an edit after 15 minutes, a deletion after
// two days.
Answer change_message(Site& site, Session& session, const Person& person, Message& message, const Call& call);

}  // namespace okno::sim::gateway::waha
