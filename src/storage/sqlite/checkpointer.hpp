// The only one that checkpoints a file: at most every 200 ms, and only when something was committed since.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace okno::storage {

class Checkpointer {
public:
    explicit Checkpointer(std::filesystem::path file);
    ~Checkpointer();

    // Told by the writer after each COMMIT.
    void committed();

private:
    void run();

    const std::filesystem::path file_;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool has_work_ = false;
    bool is_closing_ = false;
    std::thread thread_;
};

}  // namespace okno::storage
