// When taking webhooks into conversations rests, so that those that arrive are acknowledged.
//
// Applying and acknowledging share the disk and the processors, and more may arrive at once than can be applied. A
// provider that waits calls again, or gives up; a message that is stored and shown a little later harms nobody. So for
// the first seconds of a burst, applying takes a small part of the time; after that both have an equal chance.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>

namespace okno {

class GiveWay {
public:
    using Clock = std::chrono::steady_clock;

    // A webhook was acknowledged so long after it had come; from any thread.
    void acknowledged(Clock::duration took);

    // How long to rest after a batch that took `worked` and after which more wait; zero when nobody is held up.
    Clock::duration rest_after(Clock::duration worked, Clock::time_point now);
    // Nothing waits: the next burst is another one.
    void caught_up();

    // The applying thread's question, as the two above.
    bool is_giving_way() const { return begun_.has_value(); }

private:
    std::mutex mutex_;
    Clock::duration sum_{};
    int count_ = 0;
    std::optional<Clock::time_point> begun_;  // since when acknowledging is slow; the applying thread's
};

}  // namespace okno
