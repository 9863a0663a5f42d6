// Takes a channel away. Its conversations stay; what still waited to leave fails and says why.
#pragma once

#include "app/ports/storage.hpp"

namespace okno {

// False when there is no such channel.
bool disconnect(Transaction& tx, ChannelId id, Timestamp now);

}  // namespace okno
