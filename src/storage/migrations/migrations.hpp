// The numbered steps that make and change the tables; forward only.
#pragma once

#include "storage/sql.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace okno::storage {

// Type words (@id @bytes @text @int8 @bool @time) stand for the engine's types.
const std::vector<std::string_view>& migrations();

// The step in SQLite's types.
std::string for_sqlite(std::string_view step);

// Applies what is missing, each step in a transaction with its number. Throws SqlError when the database was
// written by a newer version.
void migrate(Sql& sql);

}  // namespace okno::storage
