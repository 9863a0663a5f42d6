// How fast messages may leave: evenly through a channel, and with a burst to a person.
//
// Both are token buckets written as "the time of the next free place" (GCRA), so that they need one number each and
// no timer. Times are real time: moving the demo's clock sends nothing faster.
#pragma once

#include "base/time.hpp"
#include "domain/ids.hpp"

#include <unordered_map>

namespace okno {

using PaceTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

class Pacing {
public:
    // How many places of the channel are free within `ahead`. 0 while the channel is held.
    int room(ChannelId channel, double per_second, PaceTime now, std::chrono::nanoseconds ahead) const;
    // Takes the next place and says when it is.
    PaceTime take(ChannelId channel, double per_second, PaceTime now);
    // The provider asked to wait: no places before `until`.
    void hold(ChannelId channel, PaceTime until);
    // The provider found the channel too fast: half its rate from now on, full again within a minute. What many
    // messages of one moment report counts once.
    void slow_down(ChannelId channel, PaceTime now);

    // How long this person must wait for the next message; 0: it may leave now, and one is taken. At most `burst`
    // in a row, then one each `interval`.
    std::chrono::nanoseconds take_for_person(IdentityId person, std::chrono::milliseconds interval, int burst,
                                             PaceTime now);
    // What was taken did not leave after all.
    void give_back_for_person(IdentityId person, std::chrono::milliseconds interval);

private:
    struct Slowed {
        double part = 1;  // of the rate, at `since`
        PaceTime since;
    };
    double part_of_rate(ChannelId channel, PaceTime now) const;

    std::unordered_map<ChannelId, Slowed> slowed_;
    std::unordered_map<ChannelId, PaceTime> channels_;  // the next free place
    std::unordered_map<IdentityId, PaceTime> people_;   // when the bucket is full again
};

}  // namespace okno
