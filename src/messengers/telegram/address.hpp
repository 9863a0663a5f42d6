// How Telegram names people and messages.
#pragma once

#include "domain/events.hpp"

#include <optional>
#include <string>

namespace okno::telegram {

// A private chat with the bot ("telegram"), or with a business account to which the bot is attached ("business",
// `connection`/`chat`). Message ids are unique only inside a chat.
struct Chat {
    std::string connection;  // empty: the bot's own chat
    std::string id;

    Address address() const {
        const std::string value = connection.empty() ? id : connection + "/" + id;
        return {connection.empty() ? "telegram" : "business", value, value};
    }
    // "900100200300:41", "conn/900100200300:41"
    std::string prefix() const { return address().value + ":"; }
    ProviderMessageId message(const std::string& message_id) const { return ProviderMessageId{prefix() + message_id}; }
};

struct MessageName {
    Chat chat;
    std::string message_id;
};

inline Chat chat_of(const std::string& value) {
    const std::size_t slash = value.find('/');
    if (slash == std::string::npos) return {{}, value};
    return {value.substr(0, slash), value.substr(slash + 1)};
}

// Empty for what is no message of a chat: a pressed button.
inline std::optional<MessageName> name_of(const ProviderMessageId& id) {
    const std::size_t colon = id.value().rfind(':');
    if (colon == std::string::npos || id.value().starts_with("press:")) return std::nullopt;
    return MessageName{chat_of(id.value().substr(0, colon)), id.value().substr(colon + 1)};
}

}  // namespace okno::telegram
