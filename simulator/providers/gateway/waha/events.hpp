// Webhooks as WAHA words and signs them.
#pragma once

#include "providers/gateway/site.hpp"

namespace okno::sim::gateway::waha {

// To every webhook of the session that wants it.
void tell(Site& site, Session& session, const std::string& event, const json::object& payload);

void tell_state(Site& site, Session& session);
void tell_message(Site& site, Session& session, const Person& person, Message& message);
void tell_ack(Site& site, Session& session, const Person& person, Message& message);
void tell_reaction(Site& site, Session& session, const Person& person, const Message& message);
void tell_edit(Site& site, Session& session, const Person& person, const Message& message);
void tell_removal(Site& site, Session& session, const Person& person, const Message& message);
void tell_call(Site& site, Session& session, const Person& person, const std::string& id, bool is_video);

}  // namespace okno::sim::gateway::waha
