// An operator says that a conversation needs no answer, or takes that back.
#pragma once

#include "app/ports/storage.hpp"

namespace okno {

// It leaves the waiting list until the customer writes. False when there is no such conversation.
bool mark_done(Transaction& tx, ConversationId id);

// It waits again, unless it was answered meanwhile: the last word must be the customer's. False as above.
bool undo_done(Transaction& tx, ConversationId id);

}  // namespace okno
