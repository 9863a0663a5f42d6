// Lengths as Viber counts them.
#pragma once

#include <algorithm>
#include <string_view>

namespace okno::viber {

constexpr std::size_t most_text = 7000;     // characters of one message
constexpr std::size_t most_caption = 512;   // of a picture
constexpr std::size_t most_sender = 28;     // of the sender's name
constexpr std::size_t most_card_name = 28;  // of a contact card
constexpr std::size_t most_card_phone = 18;

inline std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace okno::viber
