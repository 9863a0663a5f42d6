// Watching a gateway's session: what is seen each minute, and what follows (channels page of the gateway, sections 5
// and 8). Pure: the steps themselves are in watching.cpp.
#pragma once

#include "base/time.hpp"
#include "messengers/gateway/session_state.hpp"

#include <optional>
#include <string>

namespace okno::gateway {

// What is remembered from one look to the next; kept as the cursor of the channel's polling.
struct Watch {
    std::string told;      // what the channel was told last: a state, or a word of ours; empty: nothing yet
    Timestamp told_at;     // when that was
    Timestamp looked_at;   // 1970: never
    Timestamp well_at;     // when it was last seen working, at first when it was connected; 1970: not looked yet
    Timestamp well_since;  // without a break; 1970: it does not work
    Timestamp silent_at;   // since when the gateway does not answer; 1970: it does
    Timestamp begun_at;    // of the first look: what was written before is not fetched
    Timestamp restart_at;  // when the session is to be started again; 1970: not
    int restarts = 0;      // in a row

    bool operator==(const Watch&) const = default;
};

Watch read_watch(const std::string& cursor);  // an empty or foreign one: never looked
std::string write_watch(const Watch& watch);

// One look. `session` empty: the gateway did not answer, or refused with `refusal`.
struct Look {
    std::optional<Session> session{};
    std::string refusal{};  // in its own words; empty: it did not refuse
    // When what is known of the channel last changed: webhooks tell of an outage that began and ended between two
    // looks.
    Timestamp changed_at{};
};

struct Step {
    Watch after;
    std::optional<ChannelNotice> notice{};
    bool restarts = false;                   // the session is to be started again
    std::optional<Timestamp> fetch_since{};  // what was written since then may have been missed
};

// `number`: digits of the account that the channel is for. `pause`: between two looks.
Step step(Watch watch, const Look& look, const std::string& number, std::chrono::milliseconds pause, Timestamp now);

}  // namespace okno::gateway
