#include "core/timers.hpp"

namespace okno::sim {

Timers::Timers() : thread_([this] { run(); }) {}

Timers::~Timers() { stop(); }

void Timers::after(std::chrono::milliseconds pause, std::function<void()> task) {
    const std::scoped_lock lock(mutex_);
    if (is_stopping_) return;
    tasks_.emplace(Moment{std::chrono::steady_clock::now() + pause, next_++}, std::move(task));
    wake_.notify_one();
}

void Timers::clear() {
    const std::scoped_lock lock(mutex_);
    tasks_.clear();
}

bool Timers::is_idle() const {
    const std::scoped_lock lock(mutex_);
    return tasks_.empty() && !is_running_;
}

void Timers::stop() {
    {
        const std::scoped_lock lock(mutex_);
        is_stopping_ = true;
        wake_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void Timers::run() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        if (tasks_.empty()) {
            wake_.wait(lock);
            continue;
        }
        const auto due = tasks_.begin()->first.first;
        if (due > std::chrono::steady_clock::now()) {
            wake_.wait_until(lock, due);
            continue;
        }
        const auto task = std::move(tasks_.extract(tasks_.begin()).mapped());
        is_running_ = true;
        lock.unlock();
        task();
        lock.lock();
        is_running_ = false;
    }
}

}  // namespace okno::sim
