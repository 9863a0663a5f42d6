// Base64 with padding, and forgiving reading of it (line breaks and the URL alphabet are fine).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace okno::sim {

std::string to_base64(std::string_view data);
std::optional<std::string> from_base64(std::string_view text);

}  // namespace okno::sim
