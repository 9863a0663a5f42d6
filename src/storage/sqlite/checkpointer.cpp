#include "storage/sqlite/checkpointer.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace okno::storage {

Checkpointer::Checkpointer(const std::filesystem::path& file, std::function<void()> end_old_reads,
                           std::int64_t long_log)
    : name_(file.filename().string()),
      end_old_reads_(std::move(end_old_reads)),
      long_log_(long_log),
      database_(file, SqliteDatabase::Mode::write, 1024),
      thread_(start_thread("checkpoint", [this] { run(); })) {}

Checkpointer::~Checkpointer() {
    {
        const std::scoped_lock lock(mutex_);
        is_closing_ = true;
    }
    woken_.notify_one();
    thread_.join();
}

void Checkpointer::committed(SqliteDatabase& writer) {
    if (is_long_.exchange(false)) writer.checkpoint_and_restart();
    {
        const std::scoped_lock lock(mutex_);
        if (has_work_) return;
        has_work_ = true;
    }
    woken_.notify_one();
}

void Checkpointer::run() {
    std::unique_lock lock(mutex_);
    while (!is_closing_) {
        woken_.wait(lock, [&] { return has_work_ || is_closing_; });
        has_work_ = false;
        lock.unlock();
        const SqliteDatabase::Log left = database_.checkpoint();
        is_long_ = left.size > long_log_;
        look_at(left);
        lock.lock();
        if (left.unmoved > 0) has_work_ = true;
        woken_.wait_for(lock, std::chrono::milliseconds{200}, [&] { return is_closing_; });
    }
}

void Checkpointer::look_at(const SqliteDatabase::Log& left) {
    const bool is_large = left.unmoved > long_log_;
    if (is_large && !is_large_)
        log(LogLevel::warning, "the write-ahead log stays long: a long read holds it, or the disk is full or slow",
            {{"file", name_}, {"megabytes", std::to_string(left.unmoved >> 20)}});
    is_large_ = is_large;
    if (is_large && end_old_reads_) end_old_reads_();
}

}  // namespace okno::storage
