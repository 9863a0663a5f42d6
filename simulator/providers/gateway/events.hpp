// What happens in a session, told to the webhooks of each shape that it has. What concerns messages is told only while
// the session works.
#pragma once

#include "providers/gateway/site.hpp"

namespace okno::sim::gateway {

// Notes the state and tells it.
void enter(Site& site, Session& session, const std::string& status);
// Stops it and starts it: what becomes of it depends on its phone and on WhatsApp.
void restart(Site& site, Session& session);
void start(Site& site, Session& session);

void tell_message(Site& site, Session& session, const Person& person, Message& message);
// Raises the acknowledgement and tells it; a lower one changes nothing. -1: it failed.
void acknowledge(Site& site, Session& session, const Person& person, Message& message, int ack);
void tell_reaction(Site& site, Session& session, const Person& person, const Message& message);
void tell_edit(Site& site, Session& session, const Person& person, const Message& message);
void tell_removal(Site& site, Session& session, const Person& person, const Message& message);
void tell_call(Site& site, Session& session, const Person& person, const std::string& id, bool is_video);

// The account says it by the API: it stands in the chat, comes back as an echo, and goes as far as the phone lets it.
Message& say_by_api(Site& site, Session& session, const Person& person, Message message);
std::string new_id(Site& site);

std::int64_t seconds_of(Timestamp time);

}  // namespace okno::sim::gateway
