// Tells an address of the company, and the browsers of its admins, when a channel breaks, goes quiet, or works again.
#pragma once

#include "app/alarms.hpp"
#include "app/ports/http_transport.hpp"
#include "app/ports/ownership.hpp"
#include "app/ports/storage.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "net/web_push.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <set>
#include <tuple>

namespace okno::server {

struct AlarmTargets {
    // Each alarm is a POST to it; empty: nobody is told so.
    std::string url{};
    // Not empty: the body is signed as `X-Okno-Signature: sha256=<hex of HMAC-SHA256>`.
    Secret url_key{};
    net::P256Key push_key;
    std::string push_contact;  // an https: or mailto: address that push services are told
};

class AlarmLoop {
public:
    // Everything outlives the loop; `ownership` null: every channel is this process's. Coroutines run on `executor`,
    // which one thread serves.
    AlarmLoop(boost::asio::any_io_executor executor, Store& store, Clock& clock, HttpTransport& transport,
              const Ownership* ownership, AlarmTargets targets);

    // Tells what is due; from the executor's thread.
    void look();

private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> tell_url(Alarm alarm);
    boost::asio::awaitable<void> tell_browsers(Alarm alarm);
    boost::asio::awaitable<bool> tell_browser(Alarm alarm, PushSubscription browser);
    std::vector<Channel> ours(std::vector<Channel> channels) const;

    boost::asio::any_io_executor executor_;
    Store& store_;
    Clock& clock_;
    HttpTransport& transport_;
    const Ownership* const ownership_;
    const AlarmTargets targets_;
    Alarms by_url_;
    Alarms by_push_;
    // The browsers that have an alarm which did not reach every one yet.
    std::set<std::tuple<ChannelId, AlarmKind, PushSubscriptionId>> pushed_;
};

}  // namespace okno::server
