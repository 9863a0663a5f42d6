// One PostgreSQL connection under the thin interface: statements prepared once, values and answers in binary.
#pragma once

#include "storage/sql.hpp"

#include <memory>
#include <string>
#include <unordered_map>

struct pg_conn;
struct pg_result;

namespace okno::storage {

class PostgresDatabase : public Sql {
public:
    // Connects, waiting up to 5 s. `url` is what libpq takes: postgresql://user:password@host:5432/database?sslmode=...
    // Throws SqlUnavailable that names the server and never the password.
    explicit PostgresDatabase(const std::string& url);
    ~PostgresDatabase() override;
    PostgresDatabase(const PostgresDatabase&) = delete;
    PostgresDatabase& operator=(const PostgresDatabase&) = delete;

    Engine engine() const override { return Engine::postgres; }
    bool needs_locks() const override { return !is_reading_; }
    // Throws SqlConflict, SqlLost, SqlUnavailable or SqlError.
    std::int64_t run(std::string_view statement, const std::vector<SqlValue>& values, const OnRow& on_row) override;
    void script(const std::string& statements) override;

    std::int64_t run_planned(std::string_view statement, const std::vector<SqlValue>& values,
                             const OnRow& on_row) override;
    std::int64_t run_batch(std::string_view statement, const Columns& columns, const OnRow& on_row) override;
    bool put_aside(std::string_view statement, const Uuid& key, const std::vector<SqlValue>& row) override;

    // Whether something was changed since `begin`; what only read needs no durable COMMIT.
    bool has_written() const { return has_written_; }
    void begin(const char* how);
    // A snapshot that stays the same until `commit`.
    void begin_reading();
    // Throws SqlConflict when the server undid the transaction instead.
    void commit();
    // Throws nothing: a connection that cannot undo is lost, and the server undoes it.
    void roll_back();

private:
    struct Bound;
    // Takes the answer over.
    std::int64_t told(pg_result* answer, std::string_view statement, const OnRow& on_row);
    std::int64_t execute_planned(std::string_view statement, const std::vector<unsigned>& types, const Bound& bound,
                                 const OnRow& on_row);
    std::int64_t execute(const std::string& name, std::string_view statement, const Bound& bound, const OnRow& on_row);
    const std::string& prepare_as(std::string_view statement, const std::vector<unsigned>& types);
    [[noreturn]] void throw_error(const pg_result* result, std::string_view statement);

    pg_conn* connection_ = nullptr;
    void write_aside();

    struct Aside {
        std::string statement;
        Columns columns;
        std::unordered_map<Uuid, std::size_t> rows;  // by key
    };
    std::vector<Aside> aside_;                            // in the order of their first rows
    std::unordered_map<std::string, std::string> names_;  // of prepared statements, by text and types of values
    bool has_written_ = false;
    bool is_reading_ = false;
};

}  // namespace okno::storage
