// How many connections are open, in all and by address.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace okno::net {

class Visits {
public:
    bool enter(const std::string& peer, std::size_t most, std::size_t most_of_peer) {
        const std::scoped_lock lock(mutex_);
        if (total_ >= most || by_peer_[peer] >= most_of_peer) return false;
        ++total_;
        ++by_peer_[peer];
        return true;
    }

    // A client behind a proxy, whose connection is counted already.
    bool enter_behind_proxy(const std::string& client, std::size_t most_of_client) {
        const std::scoped_lock lock(mutex_);
        if (by_peer_[client] >= most_of_client) return false;
        ++by_peer_[client];
        return true;
    }

    void leave(const std::string& peer, bool is_behind_proxy) {
        const std::scoped_lock lock(mutex_);
        if (--by_peer_[peer] == 0) by_peer_.erase(peer);
        if (is_behind_proxy) return;
        --total_;
        if (total_ == 0) none_left_.notify_all();
    }

    void wait_until_none(std::chrono::milliseconds most) {
        std::unique_lock lock(mutex_);
        none_left_.wait_for(lock, most, [&] { return total_ == 0; });
    }

private:
    std::mutex mutex_;
    std::condition_variable none_left_;
    std::size_t total_ = 0;
    std::map<std::string, std::size_t> by_peer_;
};

// Leaves with the coroutine that holds it, however that ends.
class Visit {
public:
    Visit(Visits& visits, std::string peer, bool is_behind_proxy)
        : visits_(visits), peer_(std::move(peer)), is_behind_proxy_(is_behind_proxy) {}
    ~Visit() { visits_.leave(peer_, is_behind_proxy_); }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

private:
    Visits& visits_;
    std::string peer_;
    bool is_behind_proxy_;
};

}  // namespace okno::net
