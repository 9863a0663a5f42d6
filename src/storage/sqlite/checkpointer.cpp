#include "storage/sqlite/checkpointer.hpp"

#include "base/log.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace okno::storage {

Checkpointer::Checkpointer(std::filesystem::path file) : file_(std::move(file)), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
    {
        const std::scoped_lock lock(mutex_);
        is_closing_ = true;
    }
    woken_.notify_one();
    thread_.join();
}

void Checkpointer::committed() {
    {
        const std::scoped_lock lock(mutex_);
        if (has_work_) return;
        has_work_ = true;
    }
    woken_.notify_one();
}

void Checkpointer::run() {
    try {
        SqliteDatabase database(file_, SqliteDatabase::Mode::write, 1024);
        std::unique_lock lock(mutex_);
        while (!is_closing_) {
            woken_.wait(lock, [&] { return has_work_ || is_closing_; });
            has_work_ = false;
            lock.unlock();
            database.checkpoint();
            lock.lock();
            woken_.wait_for(lock, std::chrono::milliseconds{200}, [&] { return is_closing_; });
        }
    } catch (const std::exception& error) {
        // The log grows, nothing is lost: the file is whole without a checkpoint.
        log(LogLevel::error, "checkpointing stopped", {{"file", file_.string()}, {"reason", error.what()}});
    }
}

}  // namespace okno::storage
