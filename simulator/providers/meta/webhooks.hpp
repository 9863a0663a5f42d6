// Records on their way to the callback of the app.
#pragma once

#include "providers/meta/site.hpp"

#include <string>

namespace okno::sim::meta {

// Tells a record of the conversation with this person, as `standby` when another app leads it. Nothing is told of
// fields that are not subscribed to. `what` names it for faults and the journal.
void tell(Site& site, const Account& account, const Person& person, const std::string& field, json::object record,
          json::object about);
// The same with the account as its sender: an echo.
void tell_echo(Site& site, const Account& account, const Person& person, json::object record, json::object about);
// Of no conversation.
void tell_account(Site& site, const Account& account, const std::string& field, json::object record);

// `message` of a webhook.
json::object message_of(const Message& message);

}  // namespace okno::sim::meta
