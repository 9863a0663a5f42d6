// How VK names people and messages.
#pragma once

#include "domain/events.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace okno::vk {

// A person's id is also the name of the conversation with them, the "peer".
inline Address person_address(const std::string& peer) { return {"vk", peer, peer}; }

// "100200:77": message ids are counted inside a conversation. A message with several attachments is several of ours,
// "100200:77", "100200:77/1" ...
inline ProviderMessageId message_id(const std::string& peer, const std::string& number) {
    return ProviderMessageId{peer + ":" + number};
}

struct MessageName {
    std::string peer;
    std::string number;
};

// Empty for what is no message of a conversation: a pressed button.
inline std::optional<MessageName> name_of(const ProviderMessageId& id) {
    const std::string& text = id.value();
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) return std::nullopt;
    MessageName out{text.substr(0, colon), text.substr(colon + 1, text.find('/') - colon - 1)};
    for (const std::string& part : {out.peer, out.number})
        if (part.empty() || part.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    return out;
}

inline std::optional<std::string> peer_for(const std::vector<Address>& to) {
    const auto found = std::ranges::find(to, "vk", &Address::kind);
    return found == to.end() ? std::nullopt : std::optional(found->value);
}

}  // namespace okno::vk
