// Whether bytes from outside are text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace okno {

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. U+0000 is well-formed.
bool is_utf8(std::string_view bytes);

// How many characters (code points) a text has.
std::size_t characters(std::string_view text);

// The characters that fit into so many bytes, from the beginning.
std::string cut(std::string_view text, std::size_t most_bytes);

// As text that JSON can hold: each byte that belongs to no character becomes U+FFFD.
std::string printable(std::string_view bytes);

}  // namespace okno
