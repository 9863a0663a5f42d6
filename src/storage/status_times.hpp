// The time of each status in one text column: milliseconds in the order of the statuses, "-" where there is none.
#pragma once

#include "domain/message.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace okno::storage {

using StatusTimes = std::array<std::optional<Timestamp>, message_status_count>;

std::string write_status_times(const StatusTimes& times);
// Missing or unreadable places are empty.
StatusTimes read_status_times(std::string_view text);

}  // namespace okno::storage
