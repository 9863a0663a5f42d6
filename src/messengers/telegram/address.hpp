// How Telegram names people and messages.
#pragma once

#include "domain/events.hpp"

#include <charconv>
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
    // A pressed button is no message of the chat: "900100200300:press386547"
    ProviderMessageId press(const std::string& query_id) const { return message("press" + query_id); }
};

struct MessageName {
    Chat chat;
    std::string message_id;

    // Empty for what is no message of the chat: a pressed button.
    std::optional<std::int64_t> number() const {
        std::int64_t out = 0;
        const char* end = message_id.data() + message_id.size();
        const auto read = std::from_chars(message_id.data(), end, out);
        return read.ec == std::errc{} && read.ptr == end && out > 0 ? std::optional(out) : std::nullopt;
    }
};

inline Chat chat_of(const std::string& value) {
    const std::size_t slash = value.rfind('/');  // ids of chats are numbers
    if (slash == std::string::npos) return {{}, value};
    return {value.substr(0, slash), value.substr(slash + 1)};
}

// Empty for what names no chat.
inline std::optional<MessageName> name_of(const ProviderMessageId& id) {
    const std::size_t colon = id.value().rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    return MessageName{chat_of(id.value().substr(0, colon)), id.value().substr(colon + 1)};
}

}  // namespace okno::telegram
