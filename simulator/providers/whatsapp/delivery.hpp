// The way of an accepted message to the phone: sent, delivered, read, played, or failed.
#pragma once

#include "providers/whatsapp/graph_errors.hpp"
#include "providers/whatsapp/site.hpp"

#include <optional>
#include <string>

namespace okno::sim::whatsapp {

// Starts the ladder; with `why` the message fails instead and never reaches the phone.
void start_delivery(Site& site, const std::string& message_id, std::optional<Refusal> why);
// Everything that waited for the phone to come online.
void deliver_waiting(Site& site, const Phone& phone);
// The phone shows the chat: what was delivered is read now.
void read_chat(Site& site, const std::string& number_id, const std::string& wa_id);
// One step by hand or by nature: sets the state and tells it.
void set_status(Site& site, Message& message, std::string_view status, const std::optional<Refusal>& why = {});

}  // namespace okno::sim::whatsapp
