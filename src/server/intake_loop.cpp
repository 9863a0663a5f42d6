#include "server/intake_loop.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

#include <utility>

namespace okno::server {

constexpr int most_beside_others = 100;  // small commits hold up the disk for less
constexpr auto gathering = std::chrono::milliseconds(10);

IntakeLoop::IntakeLoop(Store& store, Intake& intake, FindMessenger find, bool shares_disk)
    : worker_(store, intake, std::move(find)),
      shares_disk_(shares_disk),
      thread_(start_thread("apply", [this] { run(); })) {}

IntakeLoop::~IntakeLoop() { stop(); }

void IntakeLoop::wake() {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(is_awake_, true)) return;
    arrived_.notify_one();
}

void IntakeLoop::acknowledged(std::chrono::steady_clock::duration took) {
    if (shares_disk_) way_.acknowledged(took);
    wake();
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

// One batch; says how long to rest then.
GiveWay::Clock::duration IntakeLoop::apply() {
    const auto begun = GiveWay::Clock::now();
    const int limit = way_.is_giving_way() ? most_beside_others : webhooks_in_batch;
    const int applied = worker_.run_once(limit);
    if (applied > 0) wake();
    const auto now = GiveWay::Clock::now();
    if (worker_.has_more()) return way_.rest_after(now - begun, now);
    way_.caught_up();
    // What comes within a few milliseconds shares one commit: each costs the disk as much as an acknowledgement.
    return gathering;
}

void IntakeLoop::run() {
    GiveWay::Clock::duration rest{};
    bool is_failing = false;
    while (true) {
        {
            std::unique_lock lock(mutex_);
            arrived_.wait_for(lock, rest, [&] { return is_stopping_; });
            arrived_.wait(lock, [&] { return is_awake_ || is_stopping_; });
            if (is_stopping_) return;
            is_awake_ = false;
        }
        try {
            const std::scoped_lock turn(working_);
            rest = apply();
            if (std::exchange(is_failing, false)) log(LogLevel::info, "webhooks are applied again", {});
        } catch (const std::exception& reason) {
            if (!std::exchange(is_failing, true))
                log(LogLevel::error, "webhooks cannot be applied now, they wait on disk", {{"reason", reason.what()}});
            std::unique_lock lock(mutex_);
            arrived_.wait_for(lock, std::chrono::seconds(1), [&] { return is_stopping_; });
            is_awake_ = true;
            rest = {};
        }
    }
}

}  // namespace okno::server
