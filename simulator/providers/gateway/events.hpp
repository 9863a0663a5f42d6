// Webhooks: signed with SHA-512, repeated until they are taken.
#pragma once

#include "providers/gateway/site.hpp"

namespace okno::sim::gateway {

// To every webhook of the session that wants it. What concerns messages is told only while the session works.
void tell(Site& site, Session& session, const std::string& event, const json::object& payload);
// Notes the state and tells it.
void enter(Site& site, Session& session, const std::string& status);

void tell_message(Site& site, Session& session, const Person& person, Message& message);
// Raises the acknowledgement and tells it; a lower one changes nothing.
void acknowledge(Site& site, Session& session, const Person& person, Message& message, int ack);

std::string signature_of(std::string_view key, std::string_view body);

}  // namespace okno::sim::gateway
