// What nobody waits for any longer: events without their message, old changes, applied webhooks.
#pragma once

#include "app/apply_intake.hpp"
#include "app/ports/storage.hpp"

namespace okno {

// Gives up events whose message did not come within 10 minutes: statuses are dropped, an edit or a reaction is shown
// as an unsupported message of its author. Says how many statuses were dropped.
int give_up_waiting(StoreSession& session, const FindMessenger& find, Timestamp now);

}  // namespace okno
