#include "storage/table_rows.hpp"

#include "base/crypto.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <type_traits>

namespace okno::storage {

// A row may hold 4 MiB.
constexpr int fetched_at_once = 100;

static std::string text_column(const Row& row) { return row.text(0); }

std::vector<std::string> tables_of(Sql& sql) {
    return sql.rows(sql.engine() == Engine::sqlite
                        ? "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite%' ORDER BY name"
                        : "SELECT tablename::text FROM pg_tables WHERE schemaname=current_schema() ORDER BY 1",
                    text_column);
}

std::int64_t count_rows(Sql& sql, const std::string& table) {
    return sql.first("SELECT count(*) FROM " + table, [](const Row& row) { return row.integer(0); }).value_or(0);
}

static ColumnKind kind_of(const std::string& type, const std::string& column) {
    static const std::map<std::string, ColumnKind> kinds{{"uuid", ColumnKind::id},      {"bytea", ColumnKind::bytes},
                                                         {"int8", ColumnKind::integer}, {"int4", ColumnKind::integer},
                                                         {"int2", ColumnKind::integer}, {"text", ColumnKind::text}};
    const auto found = kinds.find(type);
    if (found == kinds.end()) throw SqlError("the column " + column + " is of a type that is not copied: " + type);
    return found->second;
}

TableShape shape_of(Sql& files, PostgresDatabase& database, const std::string& table) {
    TableShape shape{table, {}};
    shape.columns = database.rows(
        "SELECT a.attname::text, t.typname::text FROM pg_attribute a JOIN pg_type t ON t.oid=a.atttypid"
        " WHERE a.attrelid=to_regclass($1) AND a.attnum>0 AND NOT a.attisdropped ORDER BY a.attnum",
        [](const Row& row) { return TableColumn{row.text(0), kind_of(row.text(1), row.text(0))}; }, table);
    std::vector<std::string> here = files.rows("SELECT name FROM pragma_table_info($1)", text_column, table);
    std::vector<std::string> there;
    for (const TableColumn& column : shape.columns)
        there.push_back(column.name);
    std::ranges::sort(here);
    std::ranges::sort(there);
    if (here != there) throw SqlError("the table " + table + " has other columns in PostgreSQL than in okno.db");
    return shape;
}

static std::string names_of(const TableShape& shape) {
    std::string out;
    for (const TableColumn& column : shape.columns)
        out += (out.empty() ? "" : ", ") + column.name;
    return out;
}

std::string select_all(const TableShape& shape) { return "SELECT " + names_of(shape) + " FROM " + shape.name; }

TableRow read_row(const Row& row, const TableShape& shape) {
    TableRow out;
    for (const TableColumn& column : shape.columns) {
        const int index = static_cast<int>(out.size());
        if (row.is_null(index)) {
            out.emplace_back();
            continue;
        }
        switch (column.kind) {
            case ColumnKind::id: out.emplace_back(row.uuid(index)); break;
            case ColumnKind::bytes: out.emplace_back(Blob{row.bytes(index)}); break;
            case ColumnKind::integer: out.emplace_back(row.integer(index)); break;
            case ColumnKind::text: out.emplace_back(row.text(index)); break;
        }
    }
    return out;
}

bool make_storable(TableRow& row) {
    bool is_changed = false;
    for (SqlValue& value : row) {
        std::string* text = std::get_if<std::string>(&value);
        if (text == nullptr) continue;
        const bool is_well_formed = is_utf8(*text);
        if (is_well_formed && !text->contains('\0')) continue;
        if (!is_well_formed) *text = printable(*text);
        std::erase(*text, '\0');
        is_changed = true;
    }
    return is_changed;
}

static std::string type_word(ColumnKind kind) {
    switch (kind) {
        case ColumnKind::id: return "uuid";
        case ColumnKind::bytes: return "bytea";
        case ColumnKind::integer: return "int8";
        case ColumnKind::text: return "text";
    }
    return "text";
}

void insert_rows(PostgresDatabase& database, const TableShape& shape, const std::vector<TableRow>& rows) {
    if (rows.empty()) return;
    Columns columns(shape.columns.size());
    std::string arrays;
    for (std::size_t i = 0; i < shape.columns.size(); ++i) {
        for (const TableRow& row : rows)
            columns[i].push_back(row[i]);
        arrays += (i == 0 ? "$" : ", $") + std::to_string(i + 1) + "::" + type_word(shape.columns[i].kind) + "[]";
    }
    // A number that the database gives by itself is copied as it is.
    database.run_batch("INSERT INTO " + shape.name + " (" + names_of(shape) +
                           ") OVERRIDING SYSTEM VALUE SELECT * FROM unnest(" + arrays + ") ON CONFLICT DO NOTHING",
                       columns, {});
}

// Each value with its kind and length, so that no two rows spell the same.
void RowSum::add(const TableShape& shape, const TableRow& row) {
    std::string spelled = shape.name;
    const auto append = [&](char kind, const void* data, std::size_t size) {
        const auto length = static_cast<std::uint64_t>(size);
        spelled += kind;
        spelled.append(reinterpret_cast<const char*>(&length), sizeof length);
        spelled.append(static_cast<const char*>(data), size);
    };
    for (const SqlValue& value : row)
        std::visit(
            [&]<typename Value>(const Value& one) {
                if constexpr (std::is_same_v<Value, std::int64_t>)
                    append('i', &one, sizeof one);
                else if constexpr (std::is_same_v<Value, std::string>)
                    append('t', one.data(), one.size());
                else if constexpr (std::is_same_v<Value, Blob>)
                    append('b', one.bytes.data(), one.bytes.size());
                else if constexpr (std::is_same_v<Value, Uuid>)
                    append('u', one.bytes.data(), one.bytes.size());
                else
                    append('n', "", 0);
            },
            value);
    std::uint64_t hash = 0;
    std::memcpy(&hash, short_hash(spelled).data(), sizeof hash);
    sum += hash;
    ++rows;
}

RowSum sum_rows(PostgresDatabase& database, const TableShape& shape, const std::function<void(std::int64_t)>& on_rows) {
    RowSum out;
    // A cursor of its own name for each table: the connection remembers what a FETCH answers.
    const std::string cursor = "rows_of_" + shape.name;
    database.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    try {
        database.script("DECLARE " + cursor + " NO SCROLL CURSOR FOR " + select_all(shape));
        const std::string fetch = "FETCH " + std::to_string(fetched_at_once) + " FROM " + cursor;
        for (std::int64_t fetched = 1; fetched > 0;) {
            fetched = 0;
            database.run(fetch, {}, [&](const Row& row) {
                out.add(shape, read_row(row, shape));
                ++fetched;
            });
            on_rows(fetched);
        }
        database.commit();
    } catch (...) {
        database.roll_back();
        throw;
    }
    return out;
}

}  // namespace okno::storage
