// Frames of the live feed, many at once, as they must be on the wire.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace okno::tests {

using Texts = std::vector<std::shared_ptr<const std::string>>;

// 3,000 texts of up to 125 bytes and, between them, one of 70,000; the last is "last".
inline Texts many_texts() {
    Texts out;
    for (std::size_t i = 0; i < 3000; ++i) {
        std::string text = std::to_string(i) + ' ';
        text.resize(i == 1500 ? 70'000 : 10 + i % 116, 'x');
        out.push_back(std::make_shared<const std::string>(std::move(text)));
    }
    out.push_back(std::make_shared<const std::string>("last"));
    return out;
}

// RFC 6455, 5.2: a text that is whole, of a server; of up to 125 bytes, or of more than 65,535.
inline std::string frame_of(const std::string& text) {
    std::string out = "\x81";
    if (text.size() < 126) return out + static_cast<char>(text.size()) + text;
    out += '\x7f';
    for (int shift = 56; shift >= 0; shift -= 8)
        out += static_cast<char>(text.size() >> shift);
    return out + text;
}

inline std::string frames_of(const Texts& texts) {
    std::string out;
    for (const auto& text : texts)
        out += frame_of(*text);
    return out;
}

}  // namespace okno::tests
