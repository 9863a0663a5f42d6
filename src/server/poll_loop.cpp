#include "server/poll_loop.hpp"

#include "app/await.hpp"
#include "app/courtesies.hpp"
#include "base/log.hpp"
#include "domain/partition.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

namespace okno::server {

namespace asio = boost::asio;

constexpr auto after_failure = std::chrono::seconds(5);

PollLoop::PollLoop(asio::any_io_executor executor, Store& store, Intake& intake, Clock& clock, FindMessenger find,
                   HttpTransport& transport, const http::ChannelDirectory& directory, const Ownership* ownership,
                   std::function<void()> arrived)
    : executor_(std::move(executor)),
      store_(store),
      intake_(intake),
      clock_(clock),
      find_(std::move(find)),
      transport_(transport),
      directory_(directory),
      ownership_(ownership),
      arrived_(std::move(arrived)) {}

void PollLoop::look() {
    for (const auto& channel : directory_.all())
        if (ours(channel->key) && asked_.insert(channel->id).second)
            asio::co_spawn(executor_, run(channel->id, channel->key), asio::detached);
}

std::shared_ptr<const Channel> PollLoop::ours(const std::string& key) const {
    auto channel = directory_.by_key(key);
    if (!channel || channel->setting("is_polled") != "1") return nullptr;
    if (ownership_ != nullptr && !ownership_->epoch_of(partition_of(channel->id))) return nullptr;
    return channel;
}

asio::awaitable<void> PollLoop::run(ChannelId id, std::string key) {
    asio::steady_timer timer(executor_);
    while (const auto channel = ours(key)) {
        const Messenger* messenger = find_(channel->messenger);
        if (messenger == nullptr) break;
        std::chrono::milliseconds pause = after_failure;
        try {
            auto asking = ask(channel, *messenger);
            pause = co_await std::move(asking);
        } catch (const std::exception& reason) {
            log(LogLevel::warning, "what came to a channel cannot be stored now", {{"reason", reason.what()}});
        }
        if (pause == 0ms) continue;
        timer.expires_after(pause);
        co_await timer.async_wait(asio::use_awaitable);
    }
    asked_.erase(id);
}

static asio::awaitable<std::exception_ptr> append(Intake& intake, IntakeRow row) {
    auto start = [&intake, row = std::move(row)](auto finish) mutable {
        intake.append(std::move(row), [finish](std::exception_ptr error) mutable { finish(StoreOutcome{error}); });
    };
    auto waiting = await_callback<StoreOutcome>(std::move(start));
    const StoreOutcome outcome = co_await std::move(waiting);
    co_return outcome.error;
}

// The provider forgets what it gave at the next question, so all of it is stored before the place is moved on. What is
// asked for twice is known by its ids.
asio::awaitable<std::chrono::milliseconds> PollLoop::ask(std::shared_ptr<const Channel> channel,
                                                         const Messenger& messenger) {
    auto reading = read(store_, [workspace = channel->workspace, id = channel->id](StoreSession& session) {
        return session.in(workspace).poll_cursor(id);
    });
    const std::string cursor = co_await std::move(reading);
    auto polling = messenger.poll(*channel, cursor, transport_);
    const Result<Polled> polled = co_await std::move(polling);
    if (!polled) {
        log(LogLevel::info, "a provider does not tell what came", {{"code", polled.error().code}});
        co_return after_failure;
    }
    for (const std::string& body : polled->bodies) {
        auto storing = append(intake_, {0, channel->id, clock_.now(), "", body, channel->workspace});
        if (const std::exception_ptr error = co_await std::move(storing)) std::rethrow_exception(error);
        say_courtesies(executor_, messenger, body, *channel, transport_);
    }
    if (!polled->bodies.empty()) arrived_();
    if (polled->cursor == cursor) co_return polled->pause;
    auto noting = write(store_, [channel, next = polled->cursor](StoreSession& session) {
        session.in(channel->workspace).save_poll_cursor(channel->id, next);
        return true;
    });
    co_await std::move(noting);
    co_return polled->pause;
}

}  // namespace okno::server
