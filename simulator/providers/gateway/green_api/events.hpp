// Webhooks as Green-API words them: to the one address of the instance's settings, with its token.
#pragma once

#include "providers/gateway/site.hpp"

namespace okno::sim::gateway::green_api {

void tell_state(Site& site, Session& session);
void tell_message(Site& site, Session& session, const Person& person, Message& message);
void tell_ack(Site& site, Session& session, const Person& person, const Message& message);
// Of a message that went to nobody who is known.
void tell_no_account(Site& site, Session& session, const std::string& chat, const std::string& id);
void tell_reaction(Site& site, Session& session, const Person& person, const Message& message);
void tell_edit(Site& site, Session& session, const Person& person, const Message& message);
void tell_removal(Site& site, Session& session, const Person& person, const Message& message);
void tell_call(Site& site, Session& session, const Person& person, const std::string& id);

// The word for the session's state.
std::string_view state_of(const Session& session);
// "sent", "delivered", "read", or why it failed; empty: it waits.
std::string_view status_of(const Session& session, const Person& person, const Message& message);

}  // namespace okno::sim::gateway::green_api
