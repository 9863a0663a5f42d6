#include "app/alarms.hpp"

#include "base/utf8.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace okno {

namespace json = boost::json;

static constexpr std::chrono::milliseconds first_pause{5'000};
static constexpr std::chrono::milliseconds longest_pause{600'000};

std::string_view name_of(AlarmKind kind) {
    switch (kind) {
        case AlarmKind::broken: return "channel.broken";
        case AlarmKind::quiet: return "channel.quiet";
        case AlarmKind::working: return "channel.working";
    }
    return "channel.working";
}

static std::optional<AlarmKind> kind_of(const Channel& channel) {
    if (channel.state == ChannelState::broken) return AlarmKind::broken;
    if (channel.state != ChannelState::connected) return std::nullopt;
    return channel.silent_since ? AlarmKind::quiet : AlarmKind::working;
}

std::string Alarm::body(std::size_t most_of_reason) const {
    const std::string words = cut(channel.state_reason, most_of_reason);
    const json::value reason = words.empty() ? json::value(nullptr) : json::value(words);
    return json::serialize(
        json::object{{"event", name_of(kind)},
                     {"since", to_rfc3339(kind == AlarmKind::quiet ? *channel.silent_since : channel.state_since)},
                     {"reason", reason},
                     {"channel", json::object{{"id", channel.id.value().text()},
                                              {"name", channel.name},
                                              {"messenger", channel.messenger},
                                              {"address", channel.address}}}});
}

std::vector<Alarm> Alarms::due(const std::vector<Channel>& channels, Timestamp now) {
    std::vector<Alarm> out;
    const auto is_gone = [&](const auto& known) {
        return std::ranges::find(channels, known.first, &Channel::id) == channels.end();
    };
    std::erase_if(told_, is_gone);
    std::erase_if(troubles_, is_gone);
    for (const Channel& channel : channels) {
        const auto kind = kind_of(channel);
        if (!kind || under_way_.contains(channel.id)) continue;
        const auto before = told_.find(channel.id);
        if (before == told_.end() && *kind == AlarmKind::working) {
            told_.emplace(channel.id, *kind);
            continue;
        }
        if (before != told_.end() && before->second == *kind) continue;
        const auto trouble = troubles_.find(channel.id);
        if (trouble != troubles_.end() && now < trouble->second.until) continue;
        under_way_.insert(channel.id);
        out.push_back({*kind, channel});
    }
    return out;
}

void Alarms::told(const Alarm& alarm) {
    under_way_.erase(alarm.channel.id);
    troubles_.erase(alarm.channel.id);
    told_[alarm.channel.id] = alarm.kind;
}

void Alarms::not_told(const Alarm& alarm, Timestamp now) {
    under_way_.erase(alarm.channel.id);
    Trouble& trouble = troubles_[alarm.channel.id];
    trouble.pause = trouble.pause.count() == 0 ? first_pause : std::min(trouble.pause * 2, longest_pause);
    trouble.until = now + trouble.pause;
}

}  // namespace okno
