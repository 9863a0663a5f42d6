// E-mail addresses as people type them, and what a password must be.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace okno {

// Without spaces around and with small Latin letters, so that one person is one user however they type it. The error
// says what is missing, at the field `email`.
Result<std::string> read_email(std::string_view typed);

// In characters; the upper limit keeps hashing cheap.
inline constexpr std::size_t least_password = 10;
inline constexpr std::size_t most_password = 256;

}  // namespace okno
