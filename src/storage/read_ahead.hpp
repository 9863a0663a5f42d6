// What a batch of messages will ask for, read before, on an engine where each question is a way to a server and back.
#pragma once

#include "app/ports/storage.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

namespace okno::storage {

struct ReadAhead {
    using AddressKey = std::tuple<ChannelId, std::string, std::string>;  // with kind and hash
    using NameKey = std::pair<ChannelId, std::string>;                   // with the hash of a provider's id

    std::map<AddressKey, std::optional<IdentityId>> addresses;  // none: asked for, and nobody's
    std::map<IdentityId, Conversation> conversations;           // locked until the transaction ends
    std::set<NameKey> asked;
    std::set<NameKey> stored;   // of those: a message has it
    std::set<NameKey> waiting;  // of those: an event waits for it

    // Whether it is known that there is no such message, or that nothing waits for it.
    bool is_new(const NameKey& name) const { return asked.contains(name) && !stored.contains(name); }
    bool waits_for_nothing(const NameKey& name) const { return asked.contains(name) && !waiting.contains(name); }
};

}  // namespace okno::storage
