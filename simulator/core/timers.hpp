// Runs things later, in real time, on one thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace okno::sim {

class Timers {
public:
    Timers();
    ~Timers();
    Timers(const Timers&) = delete;
    Timers& operator=(const Timers&) = delete;

    // Tasks of one moment run in the order they were given.
    void after(std::chrono::milliseconds pause, std::function<void()> task);
    // Forgets what has not started.
    void clear();
    // Nothing waits or runs.
    bool is_idle() const;
    // Ends the thread; later tasks are dropped.
    void stop();

private:
    void run();

    using Moment = std::pair<std::chrono::steady_clock::time_point, std::uint64_t>;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::map<Moment, std::function<void()>> tasks_;
    std::uint64_t next_ = 0;
    bool is_running_ = false;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace okno::sim
