#include "server/dispatch_loop.hpp"

#include "app/await.hpp"
#include "app/files_here.hpp"
#include "base/log.hpp"
#include "domain/partition.hpp"
#include "domain/retry_schedule.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace okno::server {

namespace asio = boost::asio;

// Places are taken this far ahead, so that the commit before a batch costs no throughput.
constexpr auto ahead = std::chrono::milliseconds(100);
constexpr auto look_at_least = std::chrono::milliseconds(500);
// A provider that does not answer holds its own channel's places, never those of the others.
constexpr int most_of_a_channel = 256;
constexpr int most_in_flight = 2048;
constexpr std::size_t most_noted_together = 64;
// A message whose file took longer to bring leaves at its next turn: its time to leave is nearly over, the file is
// here.
constexpr auto longest_fetch = std::chrono::seconds(3);

static PaceTime pace_now() {
    return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now());
}

DispatchLoop::DispatchLoop(asio::any_io_executor executor, asio::any_io_executor blocking, Store& store, Clock& clock,
                           FindMessenger find, HttpTransport& transport, const MediaFiles& files,
                           const Ownership* ownership, LinkForProvider link)
    : executor_(std::move(executor)),
      blocking_(std::move(blocking)),
      store_(store),
      clock_(clock),
      find_(std::move(find)),
      transport_(transport),
      files_(files),
      ownership_(ownership),
      link_(std::move(link)),
      timer_(executor_) {}

void DispatchLoop::start() { asio::co_spawn(executor_, run(), asio::detached); }

void DispatchLoop::wake() {
    asio::post(executor_, [this] {
        is_woken_ = true;
        timer_.cancel();
    });
}

void DispatchLoop::stop() {
    is_stopping_ = true;
    timer_.cancel();
}

bool DispatchLoop::is_busy(int partition) {
    const std::scoped_lock lock(pacing_mutex_);
    return std::ranges::any_of(in_flight_of_, [&](const auto& busy) { return partition_of(busy.first) == partition; });
}

// False when the process slept past its lease: the part of the work may be another's by now.
bool DispatchLoop::may_send(const OutboxRow& row) const {
    return ownership_ == nullptr || ownership_->holds(partition_of(row.channel), row.epoch);
}

double DispatchLoop::rate_of(const Channel& channel, const MessengerTraits& traits) const {
    const std::string setting = channel.setting("messages_per_second");
    const double rate = std::strtod(setting.c_str(), nullptr);
    return rate > 0 ? rate : traits.messages_per_second;
}

PaceTime DispatchLoop::begin(ChannelId channel, double rate) {
    const std::scoped_lock lock(pacing_mutex_);
    ++in_flight_;
    ++in_flight_of_[channel];
    return pacing_.take(channel, rate, pace_now());
}

void DispatchLoop::end(ChannelId channel) {
    const std::scoped_lock lock(pacing_mutex_);
    --in_flight_;
    if (const auto busy = in_flight_of_.find(channel); --busy->second == 0) in_flight_of_.erase(busy);
}

asio::awaitable<std::vector<Leaving>> DispatchLoop::take() {
    // Looking costs a read; only when something is due is the writer asked.
    auto looking =
        read(store_, [now = clock_.now()](StoreSession& session) { return !session.channels_with_due(now).empty(); });
    const bool has_due = co_await std::move(looking);
    if (!has_due) co_return std::vector<Leaving>{};
    // A closure that is not committed runs again: what it took then is given back first.
    auto lent = std::make_shared<std::vector<std::pair<IdentityId, std::chrono::milliseconds>>>();
    const auto give_back = [this, lent] {
        for (const auto& [person, interval] : *lent)
            pacing_.give_back_for_person(person, interval);
        lent->clear();
    };
    auto taking = write(store_, [this, lent, give_back](StoreSession& session) {
        const std::scoped_lock lock(pacing_mutex_);
        give_back();
        const PaceTime now = pace_now();
        Pace pace;
        pace.places = most_in_flight - in_flight_;
        pace.turn = ++turn_;
        pace.room = [&](const Channel& channel, const MessengerTraits& traits) {
            const auto busy = in_flight_of_.find(channel.id);
            const int own = most_of_a_channel - (busy == in_flight_of_.end() ? 0 : busy->second);
            return std::min(own, pacing_.room(channel.id, rate_of(channel, traits), now, ahead));
        };
        pace.wait_for_person = [&](IdentityId person, const MessengerTraits& traits) {
            const auto wait = pacing_.take_for_person(person, traits.person_interval, traits.person_burst, now);
            if (wait <= wait.zero() && traits.person_interval > wait.zero())
                lent->emplace_back(person, traits.person_interval);
            return std::chrono::ceil<std::chrono::milliseconds>(wait);
        };
        return take_due(session, find_, clock_.now(), pace);
    });
    try {
        std::vector<Leaving> taken = co_await std::move(taking);
        co_return taken;
    } catch (...) {
        const std::scoped_lock lock(pacing_mutex_);
        give_back();
        throw;
    }
}

asio::awaitable<void> DispatchLoop::run() {
    while (!is_stopping_) {
        is_woken_ = false;
        try {
            auto taking = take();
            std::vector<Leaving> taken = co_await std::move(taking);
            for (Leaving& leaving : taken) {
                const double rate = rate_of(leaving.channel, leaving.messenger->traits());
                const PaceTime place = begin(leaving.channel.id, rate);
                asio::co_spawn(executor_, send(std::move(leaving), place), asio::detached);
            }
            if (std::exchange(is_failing_, false)) log(LogLevel::info, "messages are sent again", {});
        } catch (const std::exception& reason) {  // tried every half second, said once
            if (!std::exchange(is_failing_, true))
                log(LogLevel::error, "nothing can be sent now", {{"reason", reason.what()}});
        }
        if (is_woken_ || is_stopping_) continue;
        timer_.expires_after(look_at_least);
        boost::system::error_code ignored;
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

asio::awaitable<std::optional<SendOutcome>> DispatchLoop::bring_file(Leaving& leaving) {
    if (!leaving.message.file) co_return std::nullopt;
    const auto begin = std::chrono::steady_clock::now();
    auto bringing = path_here(files_, blocking_, leaving.message.file->sha256);
    Result<std::string> path = co_await std::move(bringing);
    if (!path && path.error().kind == ErrorKind::not_found) co_return Rejected{path.error().code, path.error().detail};
    if (!path) co_return RetryLater{.reason = path.error().detail};
    leaving.message.file->path = std::move(*path);
    leaving.message.file->link = link_(leaving.row.workspace, *leaving.message.file);
    if (std::chrono::steady_clock::now() - begin < longest_fetch) co_return std::nullopt;
    co_return RetryLater{.after = 1ms, .reason = "Its file had to be fetched first."};
}

asio::awaitable<SendOutcome> DispatchLoop::hand_over(Leaving& leaving) {
    auto bringing = bring_file(leaving);
    std::optional<SendOutcome> obstacle = co_await std::move(bringing);
    if (obstacle) co_return std::move(*obstacle);
    auto sending = leaving.messenger->send(leaving.message, leaving.channel, transport_);
    SendOutcome outcome = co_await std::move(sending);
    co_return outcome;
}

asio::awaitable<SendOutcome> DispatchLoop::make_changes(Leaving& leaving) {
    SendOutcome outcome = Accepted{};
    for (const OutboundChange& one : leaving.changes) {
        auto changing = leaving.messenger->change(one, leaving.channel, transport_);
        outcome = co_await std::move(changing);
        if (!std::holds_alternative<Accepted>(outcome)) break;
    }
    co_return outcome;
}

asio::awaitable<void> DispatchLoop::send(Leaving leaving, PaceTime place) {
    asio::steady_timer until(executor_, std::chrono::time_point_cast<std::chrono::steady_clock::duration>(place));
    boost::system::error_code ignored;
    co_await until.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (!may_send(leaving.row)) {  // whose it is now settles it
        end(leaving.channel.id);
        co_return;
    }
    SendOutcome outcome = Unanswered{"Okno failed while it was leaving: it may have arrived."};
    try {
        auto handing = leaving.row.change ? make_changes(leaving) : hand_over(leaving);
        outcome = co_await std::move(handing);
    } catch (const std::exception& reason) {
        log(LogLevel::error, "a message broke while it was leaving", {{"reason", reason.what()}});
    }
    note_later(std::move(leaving), std::move(outcome));
}

// Outcomes that come while others are being written share the next commit.
void DispatchLoop::note_later(Leaving leaving, SendOutcome outcome) {
    const double jitter = std::uniform_real_distribution<double>(0, 1)(random_);
    if (const auto* later = std::get_if<RetryLater>(&outcome);
        later != nullptr && later->scope == RetryScope::channel) {
        // Where the provider named no time the channel waits a little, and longer for as long as it does not work.
        const auto own = std::min<std::chrono::milliseconds>(retry_delay(0ms, 1, leaving.row.tries + 1, jitter), 10s);
        const std::scoped_lock lock(pacing_mutex_);
        const PaceTime now = pace_now();
        pacing_.hold(leaving.channel.id, now + (later->after > 0ms ? later->after : own));
        if (later->is_too_fast) pacing_.slow_down(leaving.channel.id, now);
    }
    to_note_.push_back({std::move(leaving), std::move(outcome), jitter});
    if (is_noting_) return;
    is_noting_ = true;
    asio::co_spawn(executor_, note_all(), asio::detached);
}

asio::awaitable<void> DispatchLoop::note_all() {
    while (!to_note_.empty()) {
        const auto size = static_cast<std::ptrdiff_t>(std::min(to_note_.size(), most_noted_together));
        auto together = std::make_shared<std::vector<Outcome>>();
        std::move(to_note_.begin(), to_note_.begin() + size, std::back_inserter(*together));
        to_note_.erase(to_note_.begin(), to_note_.begin() + size);
        auto noting = note(together);
        const bool is_noted = co_await std::move(noting);
        for (std::size_t i = 0; !is_noted && i < together->size(); ++i) {
            auto alone = note_alone((*together)[i]);
            co_await std::move(alone);
        }
        for (const Outcome& outcome : *together)
            end(outcome.leaving.channel.id);
        is_woken_ = true;
        timer_.cancel();
    }
    is_noting_ = false;
}

asio::awaitable<bool> DispatchLoop::note(std::shared_ptr<const std::vector<Outcome>> outcomes) {
    try {
        auto noting = write(store_, [outcomes, now = clock_.now()](StoreSession& session) {
            return note_outcomes(session, *outcomes, now);
        });
        const std::vector<bool> noted = co_await std::move(noting);
        for (std::size_t i = 0; i < noted.size(); ++i)
            if (!noted[i])
                log(LogLevel::warning, "an outcome came after its part of the work went to another node",
                    {{"channel", (*outcomes)[i].leaving.channel.id.value().text()}});
        co_return true;
    } catch (const std::exception& reason) {
        log(LogLevel::error, "outcomes could not be stored, trying again", {{"reason", reason.what()}});
        co_return false;
    }
}

// Tried until the store takes it: an outcome that is lost would leave the message as unknown.
asio::awaitable<void> DispatchLoop::note_alone(Outcome outcome) {
    const auto one = std::make_shared<const std::vector<Outcome>>(1, std::move(outcome));
    while (true) {
        auto noting = note(one);
        const bool is_noted = co_await std::move(noting);
        if (is_noted || is_stopping_) co_return;
        asio::steady_timer pause(executor_, std::chrono::milliseconds(200));
        boost::system::error_code ignored;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

}  // namespace okno::server
