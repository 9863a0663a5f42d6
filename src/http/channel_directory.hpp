// The channels of the installation by webhook key, in memory: a webhook is checked without touching the database.
#pragma once

#include "app/ports/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace okno::http {

class ChannelDirectory {
public:
    // Null when no channel has that key.
    std::shared_ptr<const Channel> by_key(const std::string& key) const;
    std::vector<std::shared_ptr<const Channel>> all() const;
    // Reads the channels anew, in a reader's session that has read nothing before. To be begun after the commit that
    // changed them: a transaction that writes does not see those that run beside it.
    void load(StoreSession& session);
    // The same in a session of its own. What could not be read is logged: whoever loads from time to time mends it.
    void load(Store& store, std::function<void()> done);
    boost::asio::awaitable<void> load(Store& store);

private:
    using Channels = std::unordered_map<std::string, std::shared_ptr<const Channel>>;

    std::mutex reading_;  // one at a time, so that an older reading does not replace a newer one
    mutable std::mutex mutex_;
    std::shared_ptr<const Channels> channels_ = std::make_shared<Channels>();
};

}  // namespace okno::http
