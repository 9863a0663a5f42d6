// Base64 with the letters of URLs and without padding (RFC 4648, section 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace okno {

std::string to_base64url(std::string_view bytes);
// Nothing when it is not such text and no more; padding at the end is taken too.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace okno
