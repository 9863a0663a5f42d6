// Messages as the gateway writes them.
#pragma once

#include "providers/gateway/site.hpp"

namespace okno::sim::gateway::waha {

// "true_79..@c.us_ID".
std::string full_id(const Message& message, const Person& person);
// The bare id in whatever was given.
std::string bare_id(std::string_view id);
// `has_source`: in events only.
json::object message_object(Session& session, const Person& person, Message& message, bool has_source);
json::object session_object(const Session& session, bool has_me);

}  // namespace okno::sim::gateway::waha
