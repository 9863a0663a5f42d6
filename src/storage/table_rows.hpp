// Whole rows of any table, copied and compared without knowing what they mean.
#pragma once

#include "storage/postgres/postgres_database.hpp"
#include "storage/sql.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace okno::storage {

enum class ColumnKind { id, bytes, integer, text };

struct TableColumn {
    std::string name;
    ColumnKind kind;
};

// The columns as PostgreSQL has them, whose types say more than SQLite's.
struct TableShape {
    std::string name;
    std::vector<TableColumn> columns;
};

using TableRow = std::vector<SqlValue>;

// Names of all tables, in their order.
std::vector<std::string> tables_of(Sql& sql);
std::int64_t count_rows(Sql& sql, const std::string& table);
// The shape of a table of both databases. Throws SqlError when one has no such table, or they differ in the columns.
TableShape shape_of(Sql& files, PostgresDatabase& database, const std::string& table);

// SELECT of all columns.
std::string select_all(const TableShape& shape);
TableRow read_row(const Row& row, const TableShape& shape);

// What PostgreSQL holds in no text goes: U+0000, and bytes that are no character become U+FFFD. True when there were
// any.
bool make_storable(TableRow& row);

// Inserts rows whose keys are not there yet, in one statement.
void insert_rows(PostgresDatabase& database, const TableShape& shape, const std::vector<TableRow>& rows);

// How many rows, and a sum that is the same for the same rows in whatever order and engine.
struct RowSum {
    std::int64_t rows = 0;
    std::uint64_t sum = 0;

    void add(const TableShape& shape, const TableRow& row);
    bool operator==(const RowSum&) const = default;
};

// Reads the whole table, a few rows in memory at a time; `on_rows` hears how many were read.
RowSum sum_rows(PostgresDatabase& database, const TableShape& shape, const std::function<void(std::int64_t)>& on_rows);

}  // namespace okno::storage
