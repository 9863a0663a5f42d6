// The ids of our own objects: each a type of its own, all time-ordered UUIDs.
#pragma once

#include "base/strong.hpp"
#include "base/uuid.hpp"

namespace okno {

using WorkspaceId = Strong<struct WorkspaceIdTag, Uuid>;
using UserId = Strong<struct UserIdTag, Uuid>;
using ChannelId = Strong<struct ChannelIdTag, Uuid>;
using ContactId = Strong<struct ContactIdTag, Uuid>;
using IdentityId = Strong<struct IdentityIdTag, Uuid>;
using ConversationId = Strong<struct ConversationIdTag, Uuid>;
using MessageId = Strong<struct MessageIdTag, Uuid>;
using MediaId = Strong<struct MediaIdTag, Uuid>;
using DeliveryId = Strong<struct DeliveryIdTag, Uuid>;

// How a provider names a message; opaque text, up to a few hundred characters.
using ProviderMessageId = Strong<struct ProviderMessageIdTag, std::string>;

template <typename Id>
Id make_id() {
    return Id{make_uuid()};
}

}  // namespace okno
