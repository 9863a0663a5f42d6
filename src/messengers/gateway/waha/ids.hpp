// How WAHA names messages, and how ours are named there.
#pragma once

#include "base/uuid.hpp"

#include <string>
#include <string_view>

namespace okno::gateway::waha {

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

}  // namespace okno::gateway::waha
