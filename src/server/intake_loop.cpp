#include "server/intake_loop.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

#include <utility>

namespace okno::server {

constexpr int most_in_batch = 500;
constexpr auto gathering = std::chrono::milliseconds(10);

IntakeLoop::IntakeLoop(Store& store, Intake& intake, FindMessenger find)
    : worker_(store, intake, std::move(find)), thread_(start_thread("apply", [this] { run(); })) {}

IntakeLoop::~IntakeLoop() { stop(); }

void IntakeLoop::wake() {
    const std::scoped_lock lock(mutex_);
    is_awake_ = true;
    arrived_.notify_one();
}

bool IntakeLoop::replay(WorkspaceId workspace, ChannelId channel, std::int64_t number) {
    const std::scoped_lock turn(working_);
    return worker_.replay(workspace, channel, number);
}

void IntakeLoop::stop() {
    {
        const std::scoped_lock lock(mutex_);
        is_stopping_ = true;
        arrived_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void IntakeLoop::run() {
    bool is_slack = false;
    bool is_failing = false;
    while (true) {
        {
            std::unique_lock lock(mutex_);
            // What comes within a few milliseconds shares one commit: each costs the disk as much as an
            // acknowledgement.
            if (is_slack) arrived_.wait_for(lock, gathering, [&] { return is_stopping_; });
            arrived_.wait(lock, [&] { return is_awake_ || is_stopping_; });
            if (is_stopping_) return;
            is_awake_ = false;
        }
        try {
            const std::scoped_lock turn(working_);
            const int applied = worker_.run_once(most_in_batch);
            if (applied > 0) wake();
            is_slack = applied < most_in_batch;
            if (std::exchange(is_failing, false)) log(LogLevel::info, "webhooks are applied again", {});
        } catch (const std::exception& reason) {
            if (!std::exchange(is_failing, true))
                log(LogLevel::error, "webhooks cannot be applied now, they wait on disk", {{"reason", reason.what()}});
            std::unique_lock lock(mutex_);
            arrived_.wait_for(lock, std::chrono::seconds(1), [&] { return is_stopping_; });
            is_awake_ = true;
        }
    }
}

}  // namespace okno::server
