// One PostgreSQL connection under the thin interface: statements prepared once, values and answers in binary.
#pragma once

#include "storage/sql.hpp"

#include <memory>
#include <string>
#include <unordered_map>

struct pg_conn;
struct pg_result;

namespace okno::storage {

using Columns = std::vector<std::vector<SqlValue>>;

class PostgresDatabase : public Sql {
public:
    // Connects, waiting up to 5 s. `url` is what libpq takes: postgresql://user:password@host:5432/database?sslmode=...
    // Throws SqlUnavailable that names the server and never the password.
    explicit PostgresDatabase(const std::string& url);
    ~PostgresDatabase() override;
    PostgresDatabase(const PostgresDatabase&) = delete;
    PostgresDatabase& operator=(const PostgresDatabase&) = delete;

    Engine engine() const override { return Engine::postgres; }
    // Throws SqlConflict, SqlLost, SqlUnavailable or SqlError.
    std::int64_t run(std::string_view statement, const std::vector<SqlValue>& values, const OnRow& on_row) override;
    void script(const std::string& statements) override;

    // A statement whose $1, $2, ... are arrays: one a column, all of one length, a value a row. The values of a column
    // are of one type; NULL is allowed among them, not in all of them.
    std::int64_t run_batch(std::string_view statement, const Columns& columns);

    // Whether something was changed since `begin`; what only read needs no durable COMMIT.
    bool has_written() const { return has_written_; }
    void begin(const char* how);
    // Throws SqlConflict when the server undid the transaction instead.
    void commit();
    // Throws nothing: a connection that cannot undo is lost, and the server undoes it.
    void roll_back();

private:
    struct Bound;
    std::int64_t execute(const std::string& name, std::string_view statement, const Bound& bound, const OnRow& on_row);
    const std::string& prepare_as(std::string_view statement, const std::vector<unsigned>& types);
    [[noreturn]] void throw_error(const pg_result* result, std::string_view statement);

    pg_conn* connection_ = nullptr;
    std::unordered_map<std::string, std::string> names_;  // of prepared statements, by text and types of values
    bool has_written_ = false;
};

}  // namespace okno::storage
