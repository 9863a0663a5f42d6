// The numbered steps that make and change the tables; forward only.
#pragma once

#include "storage/sql.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace okno::storage {

// Type words (@id @bytes @text @int8 @bool @time) stand for the engine's types.
struct Migration {
    std::string_view tables;
    std::string_view only_postgres{};
};

const std::vector<Migration>& migrations();

// The step as the engine takes it.
std::string text_of(const Migration& step, Engine engine);

// Applies what is missing, each step in a transaction with its number. A database that has tables already is backed up
// first: `back_up` is called with the version it has. Throws SqlError when it was written by a newer version.
void migrate(Sql& sql, const std::vector<Migration>& steps, const std::function<void(std::int64_t)>& back_up);

}  // namespace okno::storage
