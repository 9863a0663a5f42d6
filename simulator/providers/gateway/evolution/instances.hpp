// Instances and their webhooks: made, linked, started anew.
#pragma once

#include "providers/gateway/evolution/call.hpp"

namespace okno::sim::gateway::evolution {

// /instance/create
Answer create_instance(Site& site, const Call& call);
// /instance/fetchInstances
Answer list_instances(Site& site, const Call& call);
// /instance/<what>/<name>
Answer answer_instance(Site& site, Session& session, const Call& call);
// /webhook/<what>/<name>
Answer answer_webhook(Session& session, const Call& call);

}  // namespace okno::sim::gateway::evolution
