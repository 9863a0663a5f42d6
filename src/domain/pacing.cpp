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
    return 1 + static_cast<int>(left / gap_of(per_second * part_of_rate(channel, now)));
}

PaceTime Pacing::take(ChannelId channel, double per_second, PaceTime now) {
    PaceTime& next = channels_.try_emplace(channel, now).first->second;
    const PaceTime place = std::max(now, next);
    next = place + gap_of(per_second * part_of_rate(channel, now));
    return place;
}

double Pacing::part_of_rate(ChannelId channel, PaceTime now) const {
    const auto found = slowed_.find(channel);
    if (found == slowed_.end()) return 1;
    constexpr double recovery_seconds = 60;
    const std::chrono::duration<double> past = now - found->second.since;
    return std::min(1.0, found->second.part + past.count() / recovery_seconds);
}

void Pacing::slow_down(ChannelId channel, PaceTime now) {
    constexpr double least = 1.0 / 16;
    const auto found = slowed_.find(channel);
    if (found != slowed_.end() && now - found->second.since < std::chrono::seconds(1)) return;
    slowed_[channel] = {std::max(least, part_of_rate(channel, now) / 2), now};
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

void Pacing::give_back_for_person(IdentityId person, std::chrono::milliseconds interval) {
    const auto found = people_.find(person);
    if (found != people_.end()) found->second -= interval;
}

}  // namespace okno
