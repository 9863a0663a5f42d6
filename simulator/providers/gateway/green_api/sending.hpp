// What the account says: sendMessage and the like.
#pragma once

#include "providers/gateway/green_api/call.hpp"

namespace okno::sim::gateway::green_api {

// Empty reply: there is no such call.
std::optional<Answer> answer_sending(Site& site, Session& session, const Call& call);

}  // namespace okno::sim::gateway::green_api
