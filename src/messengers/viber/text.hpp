// Lengths as Viber counts them.
#pragma once

#include "base/utf8.hpp"

#include <cstddef>

namespace okno::viber {

constexpr std::size_t most_text = 7000;     // characters of one message
constexpr std::size_t most_caption = 512;   // of a picture
constexpr std::size_t most_sender = 28;     // of the sender's name
constexpr std::size_t most_card_name = 28;  // of a contact card
constexpr std::size_t most_card_phone = 18;

}  // namespace okno::viber
