// Messages and instances as Evolution API writes them.
#pragma once

#include "providers/gateway/site.hpp"

namespace okno::sim::gateway::evolution {

json::object key_of(const Person& person, const Message& message);
json::object message_object(const Session& session, const Person& person, const Message& message);
json::object instance_object(const Session& session);

// "open", "connecting" or "close".
std::string_view state_of(const Session& session);
// With which WhatsApp ended the connection; 200: it did not. After 428 the gateway joins again by itself.
int reason_of(const Session& session);
std::string_view status_of(int ack);

}  // namespace okno::sim::gateway::evolution
