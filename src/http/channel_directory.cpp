#include "http/channel_directory.hpp"

#include "app/await.hpp"
#include "base/log.hpp"

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

void ChannelDirectory::load(Store& store, std::function<void()> done) {
    store.read([this](StoreSession& session) { load(session); },
               [done = std::move(done)](std::exception_ptr error) {
                   if (error) log(LogLevel::warning, "the channels could not be read, they are read again");
                   if (done) done();
               });
}

boost::asio::awaitable<void> ChannelDirectory::load(Store& store) {
    struct Loaded {};
    auto loading =
        await_callback<Loaded>([this, &store](auto finish) { load(store, [finish]() mutable { finish(Loaded{}); }); });
    co_await std::move(loading);
}

void ChannelDirectory::load(StoreSession& session) {
    const std::scoped_lock one_at_a_time(reading_);  // the snapshot is taken by the first statement, behind it
    auto fresh = std::make_shared<Channels>();
    for (Channel& channel : session.all_channels()) {
        const std::string key = channel.key;
        fresh->emplace(key, std::make_shared<const Channel>(std::move(channel)));
    }
    const std::scoped_lock lock(mutex_);
    channels_ = std::move(fresh);
}

}  // namespace okno::http
