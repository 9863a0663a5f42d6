#include "domain/pacing.hpp"

#include <algorithm>

namespace okno {

static std::chrono::nanoseconds gap_of(double per_second) {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / std::max(per_second, 0.001)));
}

int Pacing::room(ChannelId channel, double per_second, PaceTime now, std::chrono::nanoseconds ahead) const {
    const auto found = channels_.find(channel);
    const PaceTime next = found == channels_.end() ? now : std::max(now, found->second);
    const auto left = now + ahead - next;
    if (left < std::chrono::nanoseconds(0)) return 0;
    return 1 + static_cast<int>(left / gap_of(per_second));
}

PaceTime Pacing::take(ChannelId channel, double per_second, PaceTime now) {
    PaceTime& next = channels_.try_emplace(channel, now).first->second;
    const PaceTime place = std::max(now, next);
    next = place + gap_of(per_second);
    return place;
}

void Pacing::hold(ChannelId channel, PaceTime until) {
    PaceTime& next = channels_.try_emplace(channel, until).first->second;
    next = std::max(next, until);
}

std::chrono::nanoseconds Pacing::take_for_person(IdentityId person, std::chrono::milliseconds interval, int burst,
                                                 PaceTime now) {
    if (interval <= std::chrono::milliseconds(0)) return std::chrono::nanoseconds(0);
    constexpr std::size_t most_people = 100'000;
    if (people_.size() > most_people) std::erase_if(people_, [&](const auto& one) { return one.second <= now; });
    PaceTime& full = people_.try_emplace(person, now).first->second;
    full = std::max(full, now);
    const auto over = full + interval - now - interval * burst;
    if (over > std::chrono::nanoseconds(0)) return over;
    full += interval;
    return std::chrono::nanoseconds(0);
}

}  // namespace okno
