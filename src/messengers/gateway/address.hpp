// How a gateway names people and messages.
#pragma once

#include "base/uuid.hpp"
#include "domain/events.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace okno::gateway {

// "79004445566@c.us", "79004445566:12@s.whatsapp.net" and "123@lid" (a person who hides their number). Empty for
// groups, channels, statuses and anything else.
inline std::optional<Address> address_of_chat(std::string_view chat) {
    const std::size_t at = chat.find('@');
    if (at == std::string_view::npos) return std::nullopt;
    const std::string digits(chat.substr(0, std::min(chat.find(':'), at)));
    const std::string_view host = chat.substr(at + 1);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    if (host == "c.us" || host == "s.whatsapp.net") return Address{"phone", digits, digits};
    if (host == "lid") return Address{"lid", "lid:" + digits, "lid:" + digits};
    return std::nullopt;
}

inline std::string chat_of(const Address& address) {
    if (address.kind == "lid") return address.value.substr(std::string_view("lid:").size()) + "@lid";
    return address.value + "@c.us";
}

// By the phone where it is known. Empty: no address of a gateway.
inline std::optional<std::string> chat_for(const std::vector<Address>& to) {
    for (const std::string_view kind : {"phone", "lid"}) {
        const auto found = std::ranges::find(to, kind, &Address::kind);
        if (found != to.end()) return chat_of(*found);
    }
    return std::nullopt;
}

// Engines write "true_<chat>_<ID>" or the bare ID: the ID is what they agree about.
inline std::string bare_id(std::string_view id) { return std::string(id.substr(id.rfind('_') + 1)); }

// The id that our message is to have: made of its reference, so that whatever comes back names it.
inline std::string message_id_of(std::string_view reference) {
    std::string out = "3EB0";
    for (const char c : reference)
        if (c != '-') out += static_cast<char>(c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c);
    return out;
}

// Empty for a message that is none of ours, or one with a file, whose id the gateway makes.
inline std::string reference_in(std::string_view id) {
    constexpr std::size_t size = 36;  // WhatsApp's own have 22 at most with this beginning
    if (id.size() != size || !id.starts_with("3EB0")) return {};
    std::string text(id.substr(4));
    for (const std::size_t place : {8U, 13U, 18U, 23U})
        text.insert(place, 1, '-');
    const auto reference = parse_uuid(text);
    return reference ? reference->text() : std::string();
}

// As the gateway wants a message named that is to be quoted or reacted to.
inline std::string full_id(const std::string& chat, const std::string& id) {
    return (reference_in(id).empty() ? "false_" : "true_") + chat + "_" + id;
}

}  // namespace okno::gateway
