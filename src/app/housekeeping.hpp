// Events whose message is not there: applied once it is, given up after ten minutes.
#pragma once

#include "app/apply_intake.hpp"
#include "app/ports/storage.hpp"

namespace okno {

// True when `sweep_waiting` has something to do: it costs no commit to ask.
bool is_sweep_due(StoreSession& session, Timestamp now);

// Applies what waits for a message that is there by now, and gives up what waited for 10 minutes: statuses are dropped,
// an edit or a reaction is shown as an unsupported message of its author. Says how many statuses were dropped.
int sweep_waiting(StoreSession& session, const FindMessenger& find, Timestamp now);

}  // namespace okno
