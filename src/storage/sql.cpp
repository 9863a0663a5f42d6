#include "storage/sql.hpp"

#include <algorithm>

namespace okno::storage {

Uuid Row::uuid(int column) const {
    const std::string raw = bytes(column);
    Uuid id;
    if (raw.size() == id.bytes.size())
        std::ranges::transform(raw, id.bytes.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return id;
}

std::optional<Timestamp> Row::time_if(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
}

std::optional<Uuid> Row::uuid_if(int column) const {
    return is_null(column) ? std::nullopt : std::optional(uuid(column));
}

}  // namespace okno::storage
