// What the account says: /message/sendText and the like.
#pragma once

#include "providers/gateway/evolution/call.hpp"

namespace okno::sim::gateway::evolution {

Answer answer_message(Site& site, Session& session, const Call& call);

}  // namespace okno::sim::gateway::evolution
