#include "server/alarm_loop.hpp"

#include "app/await.hpp"
#include "base/crypto.hpp"
#include "base/log.hpp"
#include "domain/partition.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace okno::server {

namespace asio = boost::asio;

AlarmLoop::AlarmLoop(asio::any_io_executor executor, Store& store, Clock& clock, HttpTransport& transport,
                     const Ownership* ownership, std::string url, Secret key)
    : executor_(std::move(executor)),
      store_(store),
      clock_(clock),
      transport_(transport),
      ownership_(ownership),
      url_(std::move(url)),
      key_(std::move(key)) {}

void AlarmLoop::look() { asio::co_spawn(executor_, run(), asio::detached); }

std::vector<Channel> AlarmLoop::ours(std::vector<Channel> channels) const {
    if (ownership_ != nullptr)
        std::erase_if(channels,
                      [&](const Channel& one) { return !ownership_->epoch_of(partition_of(one.id)).has_value(); });
    return channels;
}

asio::awaitable<void> AlarmLoop::run() {
    try {
        auto reading = read(store_, [](StoreSession& session) { return session.all_channels(); });
        std::vector<Channel> channels = co_await std::move(reading);
        for (Alarm& alarm : alarms_.due(ours(std::move(channels)), clock_.now()))
            asio::co_spawn(executor_, tell(std::move(alarm)), asio::detached);
    } catch (const std::exception& reason) {
        log(LogLevel::info, "channels are not looked at for alarms now", {{"reason", reason.what()}});
    }
}

asio::awaitable<void> AlarmLoop::tell(Alarm alarm) {
    HttpRequest request{.method = "POST", .url = url_, .body = alarm.body()};
    request.headers.set("Content-Type", "application/json");
    if (!key_.empty()) {
        const Sha256 mac = hmac_sha256(key_.reveal(), request.body);
        request.headers.set("X-Okno-Signature", "sha256=" + to_hex(mac.data(), mac.size()));
    }
    request.timeout = std::chrono::seconds(10);
    request.allow_private_network = true;  // whoever runs the server chose the address
    auto posting = transport_.perform(std::move(request));
    const Result<HttpReply> reply = co_await std::move(posting);
    if (reply && reply->status / 100 == 2) {
        alarms_.told(alarm);
        co_return;
    }
    alarms_.not_told(alarm, clock_.now());
    log(LogLevel::warning, "an alarm did not arrive, it is tried again",
        {{"channel", alarm.channel.id.value().text()},
         {"reason", reply ? "HTTP " + std::to_string(reply->status) : reply.error().detail}});
}

}  // namespace okno::server
