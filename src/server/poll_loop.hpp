// Asks the providers that cannot call here what came, and stores it as if they had.
#pragma once

#include "app/apply_intake.hpp"
#include "app/ports/http_transport.hpp"
#include "app/ports/ownership.hpp"
#include "base/time.hpp"
#include "http/channel_directory.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <set>

namespace okno::server {

class PollLoop {
public:
    // Everything outlives the loop; `ownership` null: every channel is this process's. Coroutines run on `executor`,
    // which one thread serves. `arrived` is called when something was stored.
    PollLoop(boost::asio::any_io_executor executor, Store& store, Intake& intake, Clock& clock, FindMessenger find,
             HttpTransport& transport, const http::ChannelDirectory& directory, const Ownership* ownership,
             std::function<void()> arrived);

    // Begins with channels that are to be asked and are not yet; from the executor's thread.
    void look();

private:
    boost::asio::awaitable<void> run(ChannelId id, std::string key);
    // One question; how long to wait before the next.
    boost::asio::awaitable<std::chrono::milliseconds> ask(std::shared_ptr<const Channel> channel,
                                                          const Messenger& messenger);
    // The channel, as long as it is this process's to ask.
    std::shared_ptr<const Channel> ours(const std::string& key) const;

    boost::asio::any_io_executor executor_;
    Store& store_;
    Intake& intake_;
    Clock& clock_;
    FindMessenger find_;
    HttpTransport& transport_;
    const http::ChannelDirectory& directory_;
    const Ownership* const ownership_;
    std::function<void()> arrived_;
    std::set<ChannelId> asked_;
};

}  // namespace okno::server
