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

std::int64_t Sql::run_batch(std::string_view statement, const Columns&, const OnRow&) {
    throw SqlError("this engine has no arrays: " + std::string(statement));
}

bool Sql::put_aside(std::string_view, const Uuid&, const std::vector<SqlValue>&) { return false; }

std::optional<Timestamp> Row::time_if(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
}

std::optional<Uuid> Row::uuid_if(int column) const {
    return is_null(column) ? std::nullopt : std::optional(uuid(column));
}

}  // namespace okno::storage
