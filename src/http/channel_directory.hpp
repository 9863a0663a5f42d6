// The channels of the installation by webhook key, in memory: a webhook is checked without touching the database.
#pragma once

#include "app/ports/storage.hpp"

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
    // Reads the channels anew, inside a transaction or right after one.
    void load(StoreSession& session);

private:
    using Channels = std::unordered_map<std::string, std::shared_ptr<const Channel>>;
    mutable std::mutex mutex_;
    std::shared_ptr<const Channels> channels_ = std::make_shared<Channels>();
};

}  // namespace okno::http
