#include "messengers/split_text.hpp"

#include <algorithm>

namespace okno {

static std::size_t length_of_character(unsigned char first) {
    if (first < 0x80) return 1;
    if (first < 0xE0) return 2;
    return first < 0xF0 ? 3 : 4;
}

std::vector<std::string> split_text(const std::string& text, std::size_t most, LengthIn unit) {
    std::vector<std::string> out;
    std::size_t begin = 0;
    while (begin < text.size()) {
        std::size_t end = begin;
        std::size_t last_blank = begin;
        for (std::size_t length = 0; end < text.size();) {
            const std::size_t size = length_of_character(static_cast<unsigned char>(text[end]));
            length += unit == LengthIn::bytes ? size : 1;
            if (length > most && end > begin) break;
            if (text[end] == ' ' || text[end] == '\n') last_blank = end;
            end = std::min(text.size(), end + size);
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
