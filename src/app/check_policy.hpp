// The rules of a channel, asked about one message to one person.
#pragma once

#include "app/ports/messenger.hpp"
#include "app/ports/storage.hpp"

namespace okno {

// As domain/channel_policy.hpp; `to` empty: a person who is not known yet.
std::optional<Error> refused_by_policy(Transaction& tx, const Messenger& messenger, const Channel& channel,
                                       std::optional<ConversationId> to, PlannedMessage planned);

}  // namespace okno
