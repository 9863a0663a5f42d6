#include "storage/postgres/connector.hpp"

#include "base/log.hpp"

namespace okno::storage {

constexpr auto pause = std::chrono::milliseconds{500};

std::unique_ptr<PostgresDatabase> Connector::connect() {
    // Waits for the attempt of another thread, and then knows what it found.
    const std::scoped_lock lock(mutex_);
    if (is_away_ && std::chrono::steady_clock::now() < next_try_) throw SqlUnavailable(reason_);
    try {
        auto connection = std::make_unique<PostgresDatabase>(url_);
        if (is_away_) log(LogLevel::info, "the database is reached again", {});
        is_away_ = false;
        return connection;
    } catch (const SqlUnavailable& reason) {
        reason_ = reason.what();
        next_try_ = std::chrono::steady_clock::now() + pause;
        if (!is_away_)
            log(LogLevel::error,
                "the database cannot be reached: webhooks wait on this machine, requests are answered 503",
                {{"reason", reason_}});
        is_away_ = true;
        throw;
    }
}

PostgresDatabase& Connector::use(std::unique_ptr<PostgresDatabase>& connection) {
    if (!connection) connection = connect();
    return *connection;
}

}  // namespace okno::storage
