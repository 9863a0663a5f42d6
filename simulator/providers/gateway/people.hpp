// What people do in WhatsApp, and what they see there.
#pragma once

#include "providers/gateway/site.hpp"

#include <expected>

namespace okno::sim::gateway {

// A message, a reaction, an edit, a call; see README.md. The error is a sentence.
std::expected<json::object, std::string> act(Site& site, Session& session, Person& person, const json::object& wish);
// Everything the account wrote is read.
void read_all(Site& site, Session& session, const Person& person);
// Written in WhatsApp on the account's own phone.
std::expected<json::object, std::string> answer_by_hand(Site& site, Session& session, const Person& person,
                                                        const json::object& wish);
// `since`: the version the page has; without messages when nothing changed.
json::object chat_of(Site& site, Session& session, const Person& person, std::int64_t since);

}  // namespace okno::sim::gateway
