// Webhooks as Evolution API words them: to the one address of the instance, with the headers that it was told.
#pragma once

#include "providers/gateway/site.hpp"

namespace okno::sim::gateway::evolution {

void tell_state(Site& site, Session& session);
void tell_message(Site& site, Session& session, const Person& person, const Message& message);
void tell_ack(Site& site, Session& session, const Person& person, const Message& message);
void tell_reaction(Site& site, Session& session, const Person& person, const Message& message);
void tell_edit(Site& site, Session& session, const Person& person, const Message& message);
void tell_removal(Site& site, Session& session, const Person& person, const Message& message);
void tell_call(Site& site, Session& session, const Person& person, const std::string& id, bool is_video);

}  // namespace okno::sim::gateway::evolution
