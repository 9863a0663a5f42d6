// How MAX names people and messages.
#pragma once

#include "domain/events.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace okno::max {

inline Address person_address(const std::string& user) { return {"max", user, user}; }

// "98765:mid.0001": the chat stands before the message, since reading and typing are told to the chat. A message with
// several attachments is several of ours, "98765:mid.0001", "98765:mid.0001/1" ...; what is no message is named in the
// same way: "98765:press:...", "98765:start:...". `chat` empty: not told.
inline ProviderMessageId message_id(const std::string& chat, const std::string& mid) {
    return ProviderMessageId{chat.empty() ? mid : chat + ":" + mid};
}

struct MessageName {
    std::string chat;  // empty: not known
    std::string mid;   // empty: it is no message of MAX
};

inline MessageName name_of(const ProviderMessageId& id) {
    const std::string& text = id.value();
    const std::size_t digits = text.find_first_not_of("-0123456789");
    const bool has_chat = digits != std::string::npos && digits > 0 && text[digits] == ':';
    MessageName out{has_chat ? text.substr(0, digits) : std::string(), has_chat ? text.substr(digits + 1) : text};
    if (out.mid.starts_with("press:") || out.mid.starts_with("start:")) out.mid.clear();
    out.mid = out.mid.substr(0, out.mid.find('/'));
    return out;
}

inline std::optional<std::string> user_for(const std::vector<Address>& to) {
    const auto found = std::ranges::find(to, "max", &Address::kind);
    return found == to.end() ? std::nullopt : std::optional(found->value);
}

}  // namespace okno::max
