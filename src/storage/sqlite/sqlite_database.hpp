// One SQLite connection: opened with Okno's settings, its statements prepared once.
#pragma once

#include "storage/sql.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace okno::storage {

class SqliteDatabase : public Sql {
public:
    enum class Mode { write, read };

    // Opens or makes the file: WAL, synchronous FULL, no automatic checkpoints. Throws SqlError naming the file.
    SqliteDatabase(const std::filesystem::path& file, Mode mode, int cache_kib);
    ~SqliteDatabase() override;
    SqliteDatabase(const SqliteDatabase&) = delete;
    SqliteDatabase& operator=(const SqliteDatabase&) = delete;

    Engine engine() const override { return Engine::sqlite; }
    std::int64_t run(std::string_view statement, const std::vector<SqlValue>& values, const OnRow& on_row) override;
    void script(const std::string& statements) override;
    // Ends the transaction without a trace, also one that SQLite has ended by itself, as on a full disk.
    void roll_back() noexcept;

    // The write-ahead log, in bytes.
    struct Log {
        std::int64_t size = 0;
        std::int64_t unmoved = 0;  // of it not yet in the file
    };
    static constexpr std::int64_t long_log = 64 << 20;  // one that is longer is to begin anew
    // Moves what the write-ahead log holds into the file without waiting for readers (PASSIVE).
    Log checkpoint();
    // As checkpoint, and the next commit begins the log anew, when within `most` nobody else writes and nobody reads
    // what was there before. Nobody writes meanwhile.
    Log checkpoint_and_restart(std::chrono::milliseconds most = std::chrono::milliseconds{20});
    // Makes the statement in hand fail with SqlUnavailable; from any thread.
    void interrupt();
    // A whole copy as of now; replaces what is there.
    void copy_to(const std::filesystem::path& file);

private:
    struct Prepared {
        sqlite3_stmt* statement = nullptr;
        std::vector<int> places;  // of $1, $2, ... among SQLite's parameters; 0: not in the text
    };
    struct TextHash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    Prepared& prepare(std::string_view statement);

    sqlite3* handle_ = nullptr;
    std::string file_;
    std::unordered_map<std::string, Prepared, TextHash, std::equal_to<>> statements_;
};

}  // namespace okno::storage
