// The only one that checkpoints a file: at most every 200 ms, and only when something was committed since the last
// checkpoint that moved everything. When the log is long, the writer itself lets it begin anew, which no other thread
// could: it leaves no moment between its commits.
#pragma once

#include "storage/sqlite/sqlite_database.hpp"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace okno::storage {

class Checkpointer {
public:
    // `end_old_reads` is called, every 200 ms, while more than `long_log` bytes of the log cannot be moved; on this
    // thread.
    Checkpointer(const std::filesystem::path& file, std::function<void()> end_old_reads,
                 std::int64_t long_log = SqliteDatabase::long_log);
    ~Checkpointer();

    // Told by the writer after each COMMIT, on its thread; when the log is long it waits there for 20 ms at most.
    void committed(SqliteDatabase& writer);

private:
    void run();
    void look_at(const SqliteDatabase::Log& left);

    const std::string name_;
    const std::function<void()> end_old_reads_;
    const std::int64_t long_log_;
    SqliteDatabase database_;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool has_work_ = false;
    bool is_closing_ = false;
    bool is_large_ = false;
    std::atomic<bool> is_long_ = false;
    std::thread thread_;
};

}  // namespace okno::storage
