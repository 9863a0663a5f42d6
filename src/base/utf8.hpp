// Whether bytes from outside are text.
#pragma once

#include <string>
#include <string_view>

namespace okno {

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. U+0000 is well-formed.
bool is_utf8(std::string_view bytes);

// As text that JSON can hold: each byte that belongs to no character becomes U+FFFD.
std::string printable(std::string_view bytes);

}  // namespace okno
