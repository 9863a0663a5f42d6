// What the account says: /api/sendText and the like.
#pragma once

#include "providers/gateway/waha/call.hpp"

namespace okno::sim::gateway::waha {

// `what` is the last part of the path. Empty reply: there is no such call.
std::optional<Answer> answer_sending(Site& site, const std::string& what, const Call& call);

}  // namespace okno::sim::gateway::waha
