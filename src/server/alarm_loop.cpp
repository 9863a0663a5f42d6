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
                     const Ownership* ownership, AlarmTargets targets)
    : executor_(std::move(executor)),
      store_(store),
      clock_(clock),
      transport_(transport),
      ownership_(ownership),
      targets_(std::move(targets)) {}

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
        const std::vector<Channel> all = co_await std::move(reading);
        const std::vector<Channel> channels = ours(all);
        const Timestamp now = clock_.now();
        if (!targets_.url.empty())
            for (Alarm& alarm : by_url_.due(channels, now))
                asio::co_spawn(executor_, tell_url(std::move(alarm)), asio::detached);
        for (Alarm& alarm : by_push_.due(channels, now))
            asio::co_spawn(executor_, tell_browsers(std::move(alarm)), asio::detached);
    } catch (const std::exception& reason) {
        log(LogLevel::info, "channels are not looked at for alarms now", {{"reason", reason.what()}});
    }
}

static std::string outcome_of(const Result<HttpReply>& reply) {
    return reply ? "HTTP " + std::to_string(reply->status) : reply.error().detail;
}

static void note_failure(std::string_view event, const Alarm& alarm, const Result<HttpReply>& reply) {
    log(LogLevel::warning, event, {{"channel", alarm.channel.id.value().text()}, {"reason", outcome_of(reply)}});
}

asio::awaitable<void> AlarmLoop::tell_url(Alarm alarm) {
    HttpRequest request{.method = "POST", .url = targets_.url, .body = alarm.body()};
    request.headers.set("Content-Type", "application/json");
    if (!targets_.url_key.empty()) {
        const Sha256 mac = hmac_sha256(targets_.url_key.reveal(), request.body);
        request.headers.set("X-Okno-Signature", "sha256=" + to_hex(mac.data(), mac.size()));
    }
    request.timeout = std::chrono::seconds(10);
    request.allow_private_network = true;  // whoever runs the server chose the address
    auto posting = transport_.perform(std::move(request));
    const Result<HttpReply> reply = co_await std::move(posting);
    if (reply && reply->status / 100 == 2) {
        by_url_.told(alarm);
        co_return;
    }
    by_url_.not_told(alarm, clock_.now());
    note_failure("an alarm did not arrive, it is tried again", alarm, reply);
}

asio::awaitable<void> AlarmLoop::tell_browsers(Alarm alarm) {
    bool is_told = false;
    try {
        auto reading = read(store_, [workspace = alarm.channel.workspace](StoreSession& session) {
            return session.in(workspace).push_subscriptions_of_admins(Clock::real_now());
        });
        const std::vector<PushSubscription> browsers = co_await std::move(reading);
        is_told = true;
        for (const PushSubscription& browser : browsers) {
            const std::tuple here{alarm.channel.id, alarm.kind, browser.id};
            if (pushed_.contains(here)) continue;
            auto telling = tell_browser(alarm, browser);
            const bool is_done = co_await std::move(telling);
            if (is_done) pushed_.insert(here);
            is_told = is_told && is_done;
        }
    } catch (const std::exception& reason) {
        log(LogLevel::info, "browsers cannot be told of a channel now", {{"reason", reason.what()}});
        is_told = false;
    }
    if (is_told) {
        by_push_.told(alarm);
        std::erase_if(pushed_, [&](const auto& one) { return std::get<ChannelId>(one) == alarm.channel.id; });
    } else {
        by_push_.not_told(alarm, clock_.now());
    }
}

// How long a push service keeps it for a browser that is switched off.
static constexpr std::chrono::hours kept_for_browsers{24};
// A message has 4,096 bytes at most, with the rest of the alarm and the encryption.
static constexpr std::size_t most_of_reason = 1000;

// False: it is to be tried again.
asio::awaitable<bool> AlarmLoop::tell_browser(Alarm alarm, PushSubscription browser) {
    const std::string topic = to_hex(short_hash(alarm.channel.id.value().text()).data(), 16);
    const net::PushTarget target{browser.endpoint, browser.browser_key, browser.auth};
    const std::string text = R"({"language":")" + browser.language + R"(","alarm":)" + alarm.body(most_of_reason) + "}";
    auto request = net::push_request(targets_.push_key, target, {text, topic, kept_for_browsers}, targets_.push_contact,
                                     Clock::real_now());
    if (!request) co_return true;  // its key was looked at when it was kept, and opens nothing
    auto posting = transport_.perform(std::move(*request));
    const Result<HttpReply> reply = co_await std::move(posting);
    if (reply && reply->status / 100 == 2) co_return true;
    const int status = reply ? reply->status : 0;
    const bool is_gone = status == 404 || status == 410;  // RFC 8030, section 7.3
    const bool may_pass = !reply || status == 429 || status >= 500;
    note_failure(is_gone ? "a browser no longer takes pushes" : "a push did not arrive", alarm, reply);
    if (is_gone) {
        auto forgetting = write(store_, [alarm, browser](StoreSession& session) {
            return session.in(alarm.channel.workspace).delete_push_subscription(browser.user, browser.id);
        });
        co_await std::move(forgetting);
    }
    co_return !may_pass;
}

}  // namespace okno::server
