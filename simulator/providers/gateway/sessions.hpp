// Sessions: made, set up, started anew, linked.
#pragma once

#include "providers/gateway/call.hpp"

namespace okno::sim::gateway {

// /api/sessions...
Answer answer_sessions(Site& site, const Call& call);
// /api/{session}/auth/...
Answer answer_auth(Site& site, Session& session, const Call& call);
// Stops it and starts it: what becomes of it depends on its phone and on WhatsApp.
void restart(Site& site, Session& session);

}  // namespace okno::sim::gateway
