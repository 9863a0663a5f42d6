// Builds the webhooks of WhatsApp and hands them to the sender, routed to the callback of number, account or app.
#pragma once

#include "providers/whatsapp/graph_errors.hpp"
#include "providers/whatsapp/site.hpp"

#include <optional>

namespace okno::sim::whatsapp {

// A customer's message, `message` as it stands. `extra` members (context, referral, errors) join it.
void tell_message(Site& site, const Message& message, const json::object& extra);
// The same for `type` = system, which carries no contacts.
void tell_system(Site& site, const Number& number, const Phone& phone, json::object system);
// One step of a message the business sent; `why` only for failed.
void tell_status(Site& site, const Message& message, std::string_view status, const std::optional<Refusal>& why);
// Any field of an account.
void tell_account(Site& site, const Waba& waba, std::string_view field, json::object value);
// Any field that concerns one number (echoes, preferences).
void tell_number(Site& site, const Number& number, std::string_view field, json::object value, json::object about);

json::object metadata_of(const Number& number);
json::object contact_of(const Phone& phone);

}  // namespace okno::sim::whatsapp
