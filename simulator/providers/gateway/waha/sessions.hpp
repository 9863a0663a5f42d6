// Sessions: made, set up, started anew, linked.
#pragma once

#include "providers/gateway/waha/call.hpp"

namespace okno::sim::gateway::waha {

// /api/sessions...
Answer answer_sessions(Site& site, const Call& call);
// /api/{session}/auth/...
Answer answer_auth(Site& site, Session& session, const Call& call);

}  // namespace okno::sim::gateway::waha
