// How gateways name people.
#pragma once

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

// The other way round. `host`: of those who show their number, "c.us" or "s.whatsapp.net".
inline std::string chat_of(const Address& address, std::string_view host = "c.us") {
    if (address.kind == "lid") return address.value.substr(std::string_view("lid:").size()) + "@lid";
    return address.value + "@" + std::string(host);
}

// Digits of the account's number; empty: not told, or hidden.
inline std::string number_of_chat(std::string_view chat) {
    const auto address = address_of_chat(chat);
    return address && address->kind == "phone" ? address->value : std::string();
}

// The name to write to: the phone where it is known. Empty: no address of a gateway.
inline std::optional<Address> name_to_write_to(const std::vector<Address>& to) {
    for (const std::string_view kind : {"phone", "lid"}) {
        const auto found = std::ranges::find(to, kind, &Address::kind);
        if (found != to.end()) return *found;
    }
    return std::nullopt;
}

}  // namespace okno::gateway
