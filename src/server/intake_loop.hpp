// The thread that takes raw webhooks into conversations, whenever some arrived.
#pragma once

#include "app/apply_intake.hpp"
#include "app/give_way.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace okno::server {

class IntakeLoop {
public:
    // `shares_disk`: acknowledging and applying hold each other up, so that one has to give way.
    IntakeLoop(Store& store, Intake& intake, FindMessenger find, bool shares_disk);
    ~IntakeLoop();
    IntakeLoop(const IntakeLoop&) = delete;
    IntakeLoop& operator=(const IntakeLoop&) = delete;

    // Something arrived; from any thread.
    void wake();
    // As wake: a webhook that was acknowledged so long after it had come.
    void acknowledged(std::chrono::steady_clock::duration took);
    // Applies a webhook that was set aside again; blocks.
    bool replay(WorkspaceId workspace, ChannelId channel, std::int64_t number);
    // Ends after the batch in hand.
    void stop();

private:
    void run();
    GiveWay::Clock::duration apply();

    IntakeWorker worker_;
    const bool shares_disk_;
    GiveWay way_;
    std::mutex working_;  // the loop and a replay take turns
    std::mutex mutex_;
    std::condition_variable arrived_;
    bool is_awake_ = true;  // at start there may be rows of the last run
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace okno::server
