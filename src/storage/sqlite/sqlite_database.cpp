#include "storage/sqlite/sqlite_database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <type_traits>

namespace okno::storage {

namespace {

constexpr int busy_timeout = 5'000;  // ms

class SqliteRow final : public Row {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
    bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
    std::string text(int column) const override { return bytes(column); }
    std::string bytes(int column) const override {
        const void* data = sqlite3_column_blob(statement_, column);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
        return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
    }

private:
    sqlite3_stmt* statement_;
};

// Resets the statement however its run ends, so that it holds no snapshot.
struct Reset {
    sqlite3_stmt* statement;
    ~Reset() {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
};

void bind(sqlite3_stmt* statement, int index, const SqlValue& value) {
    std::visit(
        [&]<typename Value>(const Value& bound) {
            if constexpr (std::is_same_v<Value, std::int64_t>)
                sqlite3_bind_int64(statement, index, bound);
            else if constexpr (std::is_same_v<Value, std::string>)
                sqlite3_bind_text64(statement, index, bound.data(), bound.size(), SQLITE_STATIC, SQLITE_UTF8);
            else if constexpr (std::is_same_v<Value, Blob>)
                sqlite3_bind_blob64(statement, index, bound.bytes.data(), bound.bytes.size(), SQLITE_STATIC);
            else if constexpr (std::is_same_v<Value, Uuid>)
                sqlite3_bind_blob64(statement, index, bound.bytes.data(), bound.bytes.size(), SQLITE_STATIC);
            else
                sqlite3_bind_null(statement, index);
        },
        value);
}

[[noreturn]] void throw_error(sqlite3* handle, const std::string& words) {
    switch (sqlite3_errcode(handle) & 0xFF) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: throw SqlDamaged(words);
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_BUSY:
        case SQLITE_INTERRUPT:
        case SQLITE_NOMEM: throw SqlUnavailable(words);
        default: throw SqlError(words);
    }
}

}  // namespace

SqliteDatabase::SqliteDatabase(const std::filesystem::path& file, Mode mode, int cache_kib) : file_(file.string()) {
    const int flags = SQLITE_OPEN_NOMUTEX |
                      (mode == Mode::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE);
    if (sqlite3_open_v2(file_.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
        const std::string reason = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
        sqlite3_close(handle_);
        throw SqlUnavailable(file_ + " cannot be opened: " + reason);
    }
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, busy_timeout);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    try {
        script(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA foreign_keys=ON;"
            "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=" +
            std::to_string(long_log) + ";PRAGMA cache_size=-" + std::to_string(cache_kib) + ";" +
            (mode == Mode::read ? "PRAGMA query_only=ON;" : ""));
    } catch (...) {  // no destructor runs for what was not made
        sqlite3_close(handle_);
        throw;
    }
}

SqliteDatabase::~SqliteDatabase() {
    for (const auto& [text, prepared] : statements_)
        sqlite3_finalize(prepared.statement);
    sqlite3_close(handle_);
}

SqliteDatabase::Prepared& SqliteDatabase::prepare(std::string_view text) {
    if (const auto found = statements_.find(text); found != statements_.end()) return found->second;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                           nullptr) != SQLITE_OK)
        throw_error(handle_, file_ + ": " + sqlite3_errmsg(handle_) + " in: " + std::string(text));
    return statements_.emplace(text, Prepared{statement, {}}).first->second;
}

std::int64_t SqliteDatabase::run(std::string_view text, const std::vector<SqlValue>& values, const OnRow& on_row) {
    Prepared& prepared = prepare(text);
    sqlite3_stmt* statement = prepared.statement;
    const Reset reset{statement};
    // $N is a name to SQLite: where it stands in the text must not matter.
    while (prepared.places.size() < values.size()) {
        const std::string name = "$" + std::to_string(prepared.places.size() + 1);
        prepared.places.push_back(sqlite3_bind_parameter_index(statement, name.c_str()));
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        if (prepared.places[i] != 0) bind(statement, prepared.places[i], values[i]);
    const SqliteRow row(statement);
    while (true) {
        const int result = sqlite3_step(statement);
        if (result == SQLITE_DONE) break;
        if (result != SQLITE_ROW)
            throw_error(handle_, file_ + ": " + sqlite3_errmsg(handle_) + " in: " + std::string(text));
        if (on_row) on_row(row);
    }
    return sqlite3_changes64(handle_);
}

void SqliteDatabase::script(const std::string& statements) {
    char* message = nullptr;
    if (sqlite3_exec(handle_, statements.c_str(), nullptr, nullptr, &message) == SQLITE_OK) return;
    const std::string reason = message != nullptr ? message : "unknown error";
    sqlite3_free(message);
    throw_error(handle_, file_ + ": " + reason);
}

void SqliteDatabase::roll_back() noexcept {
    if (sqlite3_get_autocommit(handle_) == 0) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

static SqliteDatabase::Log checkpoint_by(sqlite3* handle, int mode) {
    // Busy is no failure: what a reader still needs is moved by a later call, as is what finds the disk full.
    int pages = 0;
    int moved = 0;
    sqlite3_wal_checkpoint_v2(handle, nullptr, mode, &pages, &moved);
    constexpr std::int64_t page = 4096;
    return {page * std::max(0, pages), page * (std::max(0, pages) - std::max(0, moved))};
}

SqliteDatabase::Log SqliteDatabase::checkpoint() { return checkpoint_by(handle_, SQLITE_CHECKPOINT_PASSIVE); }

SqliteDatabase::Log SqliteDatabase::checkpoint_and_restart(std::chrono::milliseconds most) {
    sqlite3_busy_timeout(handle_, static_cast<int>(most.count()));
    const Log left = checkpoint_by(handle_, SQLITE_CHECKPOINT_RESTART);
    sqlite3_busy_timeout(handle_, busy_timeout);
    return left;
}

void SqliteDatabase::interrupt() { sqlite3_interrupt(handle_); }

void SqliteDatabase::copy_to(const std::filesystem::path& file) {
    std::filesystem::remove(file);
    exec("VACUUM INTO $1", file.string());
}

}  // namespace okno::storage
