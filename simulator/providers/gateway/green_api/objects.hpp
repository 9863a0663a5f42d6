// Messages as Green-API writes them.
#pragma once

#include "providers/gateway/site.hpp"

namespace okno::sim::gateway::green_api {

std::string_view type_of(const Message& message);
// `messageData` of a webhook.
json::object data_of(Site& site, const Chat& chat, Message& message);
// An element of the journals, which are flat.
json::object journal_entry(Site& site, Session& session, const Person& person, Message& message);

}  // namespace okno::sim::gateway::green_api
