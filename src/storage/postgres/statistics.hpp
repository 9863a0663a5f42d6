// What the planner knows of the sizes of our tables.
#pragma once

#include "storage/postgres/postgres_database.hpp"

#include <chrono>

namespace okno::storage {

// Autovacuum looks once a minute. Until it has, statements are planned for the tables as they were, and in a database
// that was empty a moment ago they look through thousands of rows for one.
class Statistics {
public:
    // Analyses the tables that have changed by more than half since; looks every 5 seconds at most. Outside of a
    // transaction. Throws as PostgresDatabase does.
    void refresh(PostgresDatabase& database);

private:
    std::chrono::steady_clock::time_point next_look_{};
};

}  // namespace okno::storage
