// Which channels somebody has to be told of: those that broke or went quiet, and those that work again.
#pragma once

#include "domain/channel.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace okno {

enum class AlarmKind { broken, quiet, working };

std::string_view name_of(AlarmKind kind);  // "channel.broken"

struct Alarm {
    AlarmKind kind = AlarmKind::working;
    Channel channel;

    // As JSON: {event, since, reason, channel: {id, name, messenger, address}}; `reason` null where there is none, cut
    // to so many bytes.
    std::string body(std::size_t most_of_reason = 4000) const;
};

// Remembers, for as long as the process lives, what was told. At its start it tells anew of what does not work then.
class Alarms {
public:
    // What is to be told now; of each nothing more until `told` or `not_told`. What an admin paused, and what waits to
    // be connected, is left as it was told.
    std::vector<Alarm> due(const std::vector<Channel>& channels, Timestamp now);
    void told(const Alarm& alarm);
    // It is tried again, first after 5 s, then after twice as long each time, 10 minutes at most.
    void not_told(const Alarm& alarm, Timestamp now);

private:
    struct Trouble {
        std::chrono::milliseconds pause{0};
        Timestamp until;
    };
    std::map<ChannelId, AlarmKind> told_;
    std::map<ChannelId, Trouble> troubles_;
    std::set<ChannelId> under_way_;
};

}  // namespace okno
