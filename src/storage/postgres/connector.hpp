// Makes connections to one database server and remembers whether it can be reached: while it cannot, whoever asks is
// told at once, and one attempt every half second finds out when it is back.
#pragma once

#include "storage/postgres/postgres_database.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace okno::storage {

class Connector {
public:
    explicit Connector(std::string url) : url_(std::move(url)) {}

    // Throws SqlUnavailable.
    std::unique_ptr<PostgresDatabase> connect();
    // Makes `connection` one that works as far as is known; a lost one is made anew.
    PostgresDatabase& use(std::unique_ptr<PostgresDatabase>& connection);
    bool is_away() const { return is_away_; }

private:
    const std::string url_;
    std::mutex mutex_;
    std::chrono::steady_clock::time_point next_try_;
    std::string reason_;
    std::atomic<bool> is_away_ = false;
};

}  // namespace okno::storage
