// Lengths as Viber counts them.
#pragma once

#include <algorithm>
#include <string_view>

namespace okno::sim::viber {

inline std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace okno::sim::viber
