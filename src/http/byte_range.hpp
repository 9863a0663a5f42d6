// One byte range of a request (RFC 9110, 14.1.2).
#pragma once

#include <cstdint>
#include <string_view>

namespace okno::http {

struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    bool is_partial = false;        // 206
    bool is_unsatisfiable = false;  // 416
};

// The whole of `size` bytes when the header is empty, names several ranges or cannot be read.
ByteRange read_byte_range(std::string_view header, std::uint64_t size);

}  // namespace okno::http
