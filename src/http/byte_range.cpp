#include "http/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace okno::http {

static std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

ByteRange read_byte_range(std::string_view header, std::uint64_t size) {
    const ByteRange whole{.offset = 0, .size = size};
    const std::size_t dash = header.find('-');
    if (!header.starts_with("bytes=") || dash == std::string_view::npos || header.find(',') != std::string_view::npos)
        return whole;
    const std::string_view first_text = header.substr(6, dash - 6);
    const std::string_view last_text = header.substr(dash + 1);
    const auto first = number(first_text);
    const auto last = number(last_text);
    if ((!first && !first_text.empty()) || (!last && !last_text.empty()) || (!first && !last)) return whole;
    if (!first) {  // the last so many bytes
        const std::uint64_t length = std::min(*last, size);
        if (length == 0) return {.is_unsatisfiable = true};
        return {.offset = size - length, .size = length, .is_partial = true};
    }
    if (last && *last < *first) return whole;
    if (*first >= size) return {.is_unsatisfiable = true};
    const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
    return {.offset = *first, .size = end - *first + 1, .is_partial = true};
}

}  // namespace okno::http
