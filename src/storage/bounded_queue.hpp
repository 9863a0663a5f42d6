// Work for a thread: bounded, so that a slow disk ends in "busy" and never in unlimited memory.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

namespace okno::storage {

template <typename Task>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t limit) : limit_(limit) {}

    // False when it is full or closed; the task is then untouched.
    bool push(Task& task) {
        {
            const std::scoped_lock lock(mutex_);
            if (closed_ || tasks_.size() >= limit_) return false;
            tasks_.push_back(std::move(task));
        }
        filled_.notify_one();
        return true;
    }

    // Waits for something and takes up to `most` in order; empty once closed and drained.
    std::vector<Task> take(std::size_t most) {
        std::unique_lock lock(mutex_);
        filled_.wait(lock, [&] { return closed_ || !tasks_.empty(); });
        const auto count = static_cast<std::ptrdiff_t>(std::min(most, tasks_.size()));
        std::vector<Task> taken(std::make_move_iterator(tasks_.begin()),
                                std::make_move_iterator(tasks_.begin() + count));
        tasks_.erase(tasks_.begin(), tasks_.begin() + count);
        return taken;
    }

    void close() {
        {
            const std::scoped_lock lock(mutex_);
            closed_ = true;
        }
        filled_.notify_all();
    }

private:
    const std::size_t limit_;
    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<Task> tasks_;
    bool closed_ = false;
};

}  // namespace okno::storage
