#include "domain/channel.hpp"

#include <utility>

namespace okno {

std::string_view name_of(ChannelState state) {
    switch (state) {
        case ChannelState::connecting: return "connecting";
        case ChannelState::connected: return "connected";
        case ChannelState::broken: return "broken";
        case ChannelState::paused: return "paused";
    }
    return "";
}

ChannelState read_channel_state(std::string_view name) {
    if (name == "connected") return ChannelState::connected;
    if (name == "broken") return ChannelState::broken;
    if (name == "paused") return ChannelState::paused;
    return ChannelState::connecting;
}

void Channel::become(ChannelState now_is, std::string why, Timestamp now) {
    if (state == now_is && state_reason == why) return;
    state = now_is;
    state_reason = std::move(why);
    state_since = now;
    silent_since.reset();
}

std::string Channel::setting(const std::string& wanted) const {
    const auto found = settings.find(wanted);
    return found == settings.end() ? std::string() : found->second;
}

Secret Channel::credential(const std::string& wanted) const {
    const auto found = credentials.find(wanted);
    return found == credentials.end() ? Secret() : found->second;
}

}  // namespace okno
