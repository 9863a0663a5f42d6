// What a batch will ask for, read before, on an engine where each question is a way to a server and back.
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
    using DeliveryKey = std::pair<ChannelId, DeliveryId>;

    // A message of a locked conversation, with all its attempts, as this transaction has left them.
    struct Sent {
        Message message;
        std::vector<Delivery> deliveries;           // oldest first
        std::optional<std::vector<Media>> media{};  // of those that leave; none: not asked for
    };

    std::map<AddressKey, std::optional<IdentityId>> addresses;  // none: asked for, and nobody's
    std::map<IdentityId, std::vector<Address>> spelled;         // all of a person's
    std::map<IdentityId, Conversation> conversations;           // locked until the transaction ends
    std::map<ConversationId, IdentityId> people;                // of those
    std::set<NameKey> asked;
    std::set<NameKey> stored;     // of those: a message has it
    std::set<NameKey> waiting;    // of those: an event waits for it
    std::set<std::string> given;  // hashes of the names that messages got since
    std::map<MessageId, Sent> sent;
    // By a reader, who changes nothing.
    std::map<MessageId, Message> seen;
    std::map<MessageId, std::vector<Media>> seen_media;
    std::map<std::pair<ConversationId, UserId>, Conversation> shown;
    std::map<DeliveryKey, MessageId> by_delivery;
    std::map<NameKey, DeliveryId> by_name;

    // Whether it is known that there is no such message, or that nothing waits for it.
    bool is_new(const NameKey& name) const {
        return asked.contains(name) && !stored.contains(name) && !given.contains(name.second);
    }
    bool waits_for_nothing(const NameKey& name) const { return asked.contains(name) && !waiting.contains(name); }

    Sent* sent_with(MessageId id) {
        const auto found = sent.find(id);
        return found == sent.end() ? nullptr : &found->second;
    }
    Delivery* delivery(ChannelId channel, DeliveryId id);
};

}  // namespace okno::storage
