#include "http/channel_directory.hpp"

namespace okno::http {

std::shared_ptr<const Channel> ChannelDirectory::by_key(const std::string& key) const {
    std::shared_ptr<const Channels> channels;
    {
        const std::scoped_lock lock(mutex_);
        channels = channels_;
    }
    const auto found = channels->find(key);
    return found == channels->end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const Channel>> ChannelDirectory::all() const {
    const std::scoped_lock lock(mutex_);
    std::vector<std::shared_ptr<const Channel>> out;
    for (const auto& [key, channel] : *channels_)
        out.push_back(channel);
    return out;
}

void ChannelDirectory::load(StoreSession& session) {
    auto fresh = std::make_shared<Channels>();
    for (Channel& channel : session.all_channels()) {
        const std::string key = channel.key;
        fresh->emplace(key, std::make_shared<const Channel>(std::move(channel)));
    }
    const std::scoped_lock lock(mutex_);
    channels_ = std::move(fresh);
}

}  // namespace okno::http
