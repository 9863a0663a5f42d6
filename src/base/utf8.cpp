#include "base/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace okno {

// The length of the character that begins here; 0 when none does (RFC 3629).
static std::size_t character_at(std::string_view bytes, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U;
    };
    const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (first == 0xE0 && byte(1) < 0xA0) return 0;
        if (first == 0xED && byte(1) > 0x9F) return 0;  // surrogates
        return continues(1) && continues(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (first == 0xF0 && byte(1) < 0x90) return 0;
        if (first == 0xF4 && byte(1) > 0x8F) return 0;
        return continues(1) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

bool is_utf8(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t size = character_at(bytes, at);
        if (size == 0) return false;
        at += size;
    }
    return true;
}

static bool is_inside_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

std::size_t characters(std::string_view text) {
    return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, is_inside_character));
}

std::string cut(std::string_view text, std::size_t most_bytes) {
    std::size_t end = std::min(text.size(), most_bytes);
    while (end < text.size() && end > 0 && is_inside_character(text[end]))
        --end;
    return std::string(text.substr(0, end));
}

std::string printable(std::string_view bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t size = character_at(bytes, at);
        if (size == 0)
            out += "\xEF\xBF\xBD";
        else
            out += bytes.substr(at, size);
        at += size == 0 ? 1 : size;
    }
    return out;
}

}  // namespace okno
