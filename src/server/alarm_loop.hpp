// Tells an address of the company when a channel breaks, goes quiet, or works again.
#pragma once

#include "app/alarms.hpp"
#include "app/ports/http_transport.hpp"
#include "app/ports/ownership.hpp"
#include "app/ports/storage.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace okno::server {

class AlarmLoop {
public:
    // Everything outlives the loop; `ownership` null: every channel is this process's. Coroutines run on `executor`,
    // which one thread serves. Each alarm is a POST to `url`; with a `key` its body is signed as
    // `X-Okno-Signature: sha256=<hex of HMAC-SHA256>`.
    AlarmLoop(boost::asio::any_io_executor executor, Store& store, Clock& clock, HttpTransport& transport,
              const Ownership* ownership, std::string url, Secret key);

    // Tells what is due; from the executor's thread.
    void look();

private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> tell(Alarm alarm);
    std::vector<Channel> ours(std::vector<Channel> channels) const;

    boost::asio::any_io_executor executor_;
    Store& store_;
    Clock& clock_;
    HttpTransport& transport_;
    const Ownership* const ownership_;
    const std::string url_;
    const Secret key_;
    Alarms alarms_;
};

}  // namespace okno::server
