// The thin interface under which both engines run the same SQL text with $1 placeholders.
#pragma once

#include "base/time.hpp"
#include "base/uuid.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace okno::storage {

// Bytes, as apart from text.
struct Blob {
    std::string bytes;
};

// A bound value or a column; `monostate` is NULL.
using SqlValue = std::variant<std::monostate, std::int64_t, std::string, Blob, Uuid>;

inline SqlValue sql(std::nullptr_t) { return {}; }
inline SqlValue sql(std::int64_t value) { return value; }
inline SqlValue sql(int value) { return static_cast<std::int64_t>(value); }
inline SqlValue sql(bool value) { return static_cast<std::int64_t>(value); }
inline SqlValue sql(std::string value) { return value; }
inline SqlValue sql(std::string_view value) { return std::string(value); }
inline SqlValue sql(Blob value) { return value; }
inline SqlValue sql(const Uuid& value) { return value; }
inline SqlValue sql(Timestamp value) { return to_millis(value); }

// Our ids, and the texts that have a type of their own.
template <typename Value>
    requires requires(const Value& value) { value.value(); }
SqlValue sql(const Value& value) {
    if constexpr (requires { value.has_value(); })
        return value ? sql(*value) : SqlValue{};
    else
        return sql(value.value());
}

// One row of an answer; valid only inside the callback that got it. Columns count from 0.
class Row {
public:
    virtual ~Row() = default;
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual std::string text(int column) const = 0;
    virtual std::string bytes(int column) const = 0;

    Uuid uuid(int column) const;
    Timestamp time(int column) const { return from_millis(integer(column)); }
    std::optional<Timestamp> time_if(int column) const;
    std::optional<Uuid> uuid_if(int column) const;
};

enum class Engine { sqlite, postgres };

// Values by columns: one array a column, all of one length.
using Columns = std::vector<std::vector<SqlValue>>;

inline void add_row(Columns& columns, std::vector<SqlValue> row) {
    for (std::size_t i = 0; i < row.size(); ++i)
        columns[i].push_back(std::move(row[i]));
}

// A row for each key, after a value that they share: the workspace, whose rows a statement joins.
template <typename Shared, typename Keys>
Columns rows_of(const Shared& shared, const Keys& keys) {
    Columns out(2);
    for (const auto& key : keys)
        add_row(out, {sql(shared), sql(key)});
    return out;
}

class Sql {
public:
    virtual ~Sql() = default;
    using OnRow = std::function<void(const Row&)>;

    virtual Engine engine() const = 0;
    // Whether a transaction locks what it is about to change: there are other writers, and it is no reader's.
    virtual bool needs_locks() const { return false; }

    // Runs one statement, giving each row of its answer; returns how many rows it changed. Throws SqlError.
    virtual std::int64_t run(std::string_view statement, const std::vector<SqlValue>& values, const OnRow& on_row) = 0;
    // As `run`, for a statement that looks through a table whose size changes: planned for the size that it has now.
    virtual std::int64_t run_planned(std::string_view statement, const std::vector<SqlValue>& values,
                                     const OnRow& on_row) {
        return run(statement, values, on_row);
    }
    // A statement whose $1, $2, ... are arrays: one a column, a value a row. The values of a column are of one type;
    // NULL is allowed among them. Only on an engine with a server, where it saves ways there and back.
    virtual std::int64_t run_batch(std::string_view statement, const Columns& columns, const OnRow& on_row);
    // Keeps a row for such a statement, which runs with all its rows before anything else is run, and before the
    // commit. A row of the same key takes the place of the earlier one. False: this engine writes row by row, nothing
    // is kept.
    virtual bool put_aside(std::string_view statement, const Uuid& key, const std::vector<SqlValue>& row);
    // Runs several statements without values: for migrations.
    virtual void script(const std::string& statements) = 0;

    template <typename... Values>
    std::int64_t exec(std::string_view statement, const Values&... values) {
        return run(statement, {sql(values)...}, {});
    }

    // The rows of an answer, each turned by `read`.
    template <typename Read, typename... Values>
    auto rows(std::string_view statement, Read read, const Values&... values) {
        std::vector<decltype(read(std::declval<const Row&>()))> out;
        run(statement, {sql(values)...}, [&](const Row& row) { out.push_back(read(row)); });
        return out;
    }

    // The first row; empty when there is none.
    template <typename Read, typename... Values>
    auto first(std::string_view statement, Read read, const Values&... values) {
        std::optional<decltype(read(std::declval<const Row&>()))> out;
        run(statement, {sql(values)...}, [&](const Row& row) {
            if (!out) out = read(row);
        });
        return out;
    }
};

// A statement failed; `what` has the engine's words and the statement.
struct SqlError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The ground gave way: disk full, file unreadable or read-only. The transaction may be gone already.
struct SqlUnavailable : SqlError {
    using SqlError::SqlError;
};

// The connection to the database's server ended. A COMMIT that was on its way may have been carried out.
struct SqlLost : SqlUnavailable {
    using SqlUnavailable::SqlUnavailable;
};

// Another transaction was in the way (deadlock, a key that both made): this one is undone, and run again may succeed.
struct SqlConflict : SqlError {
    using SqlError::SqlError;
};

// The file's bytes are not those of a database of ours: waiting will not help.
struct SqlDamaged : SqlUnavailable {
    using SqlUnavailable::SqlUnavailable;
};

}  // namespace okno::storage
