#include "messengers/split_text.hpp"

#include <algorithm>

namespace okno {

static std::size_t length_of_character(unsigned char first) {
    if (first < 0x80) return 1;
    if (first < 0xE0) return 2;
    return first < 0xF0 ? 3 : 4;
}

static std::size_t units_of_character(TextUnit unit, unsigned char first) {
    const std::size_t bytes = length_of_character(first);
    if (unit == TextUnit::bytes) return bytes;
    return unit == TextUnit::utf16 && bytes == 4 ? 2 : 1;
}

std::size_t length_in(TextUnit unit, std::string_view text) {
    std::size_t units = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        units += units_of_character(unit, first);
        at += length_of_character(first);
    }
    return units;
}

std::vector<std::string> split_text(const std::string& text, std::size_t most, TextUnit unit) {
    std::vector<std::string> out;
    std::size_t begin = 0;
    while (begin < text.size()) {
        std::size_t end = begin;
        std::size_t last_blank = begin;
        for (std::size_t count = 0; end < text.size();) {
            const auto first = static_cast<unsigned char>(text[end]);
            count += units_of_character(unit, first);
            if (count > most && end > begin) break;
            if (first == ' ' || first == '\n') last_blank = end;
            end = std::min(text.size(), end + length_of_character(first));
        }
        // A blank in the last half is a better place to cut than the middle of a word.
        const bool is_cut = end < text.size() && text[end] != ' ' && text[end] != '\n';
        if (is_cut && last_blank > begin + (end - begin) / 2) end = last_blank;
        out.push_back(text.substr(begin, end - begin));
        begin = end;
        while (begin < text.size() && (text[begin] == ' ' || text[begin] == '\n'))
            ++begin;
    }
    if (out.empty()) out.push_back(text);
    return out;
}

}  // namespace okno
