// Work for a thread: bounded, so that a slow disk ends in "busy" and never in unlimited memory.
//
// Two lanes: what people wait for, and what may wait. When both have work they take turns, a group of the first and
// one task of the second, so that neither waits for the other's whole queue.
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
    // Each lane holds up to `limit`.
    explicit BoundedQueue(std::size_t limit) : limit_(limit) {}

    // False when the lane is full or the queue closed; the task is then untouched.
    bool push(Task& task) { return push_to(first_, task); }
    bool push_later(Task& task) { return push_to(later_, task); }

    // Waits for something and takes up to `most` of the first lane in order, or one of the second; empty once closed
    // and drained.
    std::vector<Task> take(std::size_t most) {
        std::unique_lock lock(mutex_);
        filled_.wait(lock, [&] { return closed_ || !first_.empty() || !later_.empty(); });
        const bool is_later = first_.empty() || (is_turn_of_later_ && !later_.empty());
        is_turn_of_later_ = !is_later;
        return is_later ? take_from(later_, 1) : take_from(first_, most);
    }

    // How many wait.
    std::size_t size() const {
        const std::scoped_lock lock(mutex_);
        return first_.size() + later_.size();
    }

    void close() {
        {
            const std::scoped_lock lock(mutex_);
            closed_ = true;
        }
        filled_.notify_all();
    }

private:
    bool push_to(std::deque<Task>& lane, Task& task) {
        {
            const std::scoped_lock lock(mutex_);
            if (closed_ || lane.size() >= limit_) return false;
            lane.push_back(std::move(task));
        }
        filled_.notify_one();
        return true;
    }

    static std::vector<Task> take_from(std::deque<Task>& lane, std::size_t most) {
        const auto end = lane.begin() + static_cast<std::ptrdiff_t>(std::min(most, lane.size()));
        std::vector<Task> taken(std::make_move_iterator(lane.begin()), std::make_move_iterator(end));
        lane.erase(lane.begin(), end);
        return taken;
    }

    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<Task> first_;
    std::deque<Task> later_;
    bool is_turn_of_later_ = false;
    bool closed_ = false;
};

}  // namespace okno::storage
