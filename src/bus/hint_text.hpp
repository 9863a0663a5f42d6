// Hints as they travel: one JSON object each.
#pragma once

#include "app/ports/bus.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace okno::bus {

std::string write_hint(const Hint& hint);
// Empty for whatever is no hint that this version knows: another version or a stranger may speak on the same subject.
std::optional<Hint> read_hint(std::string_view text);

}  // namespace okno::bus
