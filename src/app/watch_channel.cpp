#include "app/watch_channel.hpp"

#include "app/await.hpp"
#include "base/log.hpp"
#include "domain/silence.hpp"

#include <algorithm>

namespace okno {

// What the provider tells of the account is kept beside what an admin set.
static void keep_told(Channel& channel, const Account& account) {
    channel.settings["handle"] = account.handle;
    channel.settings["is_polled"] = account.is_polled ? "1" : "0";
    for (const auto& [name, value] : account.settings)
        channel.settings[name] = value;
}

// Only the provider's own refusal breaks a channel: one that cannot be reached now keeps sending.
static ChannelState state_after(ChannelState before, const Result<Account>& works) {
    if (works && works->is_unfinished) return before;
    if (works) return ChannelState::connected;
    const ErrorKind kind = works.error().kind;
    const bool is_unreachable =
        kind == ErrorKind::never_left || kind == ErrorKind::left_no_answer || kind == ErrorKind::unavailable;
    return is_unreachable ? before : ChannelState::broken;
}

static Result<Channel> note_check(StoreSession& session, const Channel& checked, const Result<Account>& works,
                                  Timestamp now) {
    Transaction& tx = session.in(checked.workspace);
    tx.lock_channel(checked.id);
    auto stored = tx.channel(checked.id);
    if (!stored) return fail(ErrorKind::not_found, "not_found", "There is no such channel.");
    if (stored->state == ChannelState::paused) return *stored;
    const Channel before = *stored;
    if (works) keep_told(*stored, *works);
    stored->become(state_after(stored->state, works), works ? works->warning : works.error().detail, now);
    if (stored->state == before.state && stored->state_reason == before.state_reason &&
        stored->settings == before.settings)
        return *stored;
    tx.save_channel(*stored);
    if (stored->state == ChannelState::connected) tx.hurry(checked.id, now);
    tx.note_change("channel", checked.id.value());
    return *stored;
}

static boost::asio::awaitable<Result<Account>> ask(std::shared_ptr<const ChannelWatch> watch, Channel channel) {
    const Messenger* messenger = watch->find(channel.messenger);
    const std::string url = watch->hooks.empty() ? std::string() : watch->hooks + channel.key;
    auto asking = messenger->check(std::move(channel), url, watch->http);
    Result<Account> told = co_await std::move(asking);
    co_return told;
}

boost::asio::awaitable<Result<Channel>> check_channel(std::shared_ptr<const ChannelWatch> watch, Channel channel,
                                                      Timestamp now) {
    for (bool is_again = false;; is_again = true) {
        auto asking = ask(watch, channel);
        const Result<Account> works = co_await std::move(asking);
        auto noting = write(watch->store, [channel, works, now](StoreSession& session) {
            return note_check(session, channel, works, now);
        });
        const Result<Channel> noted = co_await std::move(noting);
        auto telling = watch->changed();
        co_await std::move(telling);
        if (is_again || !noted || !works || !works->is_unfinished) co_return noted;
        channel = *noted;
    }
}

static bool is_quiet(Transaction& tx, ChannelId id, Timestamp now) {
    return tx.came_between(id, now - silence_looked_at, now + std::chrono::minutes{1}) == 0;
}

static std::vector<int> weeks_before(Transaction& tx, ChannelId id, Timestamp now) {
    std::vector<int> out;
    for (int week = 1; week <= weeks_compared; ++week) {
        const Timestamp then = now - std::chrono::days{7 * week};
        out.push_back(tx.came_between(id, then - silence_looked_at, then));
        if (out.back() == 0) break;  // it was as quiet then
    }
    return out;
}

Silence silence_of(Transaction& tx, const Channel& channel, Timestamp now) {
    if (channel.state != ChannelState::connected) return Silence::usual;
    const bool is_marked = channel.silent_since.has_value();
    if (!is_quiet(tx, channel.id, now)) return is_marked ? Silence::over : Silence::usual;
    if (is_marked) return Silence::usual;
    return is_unusual_silence(weeks_before(tx, channel.id, now)) ? Silence::odd : Silence::usual;
}

bool mark_silence(Transaction& tx, ChannelId id, Silence silence, Timestamp now) {
    tx.lock_channel(id);
    auto stored = tx.channel(id);
    if (silence == Silence::usual || !stored || stored->state != ChannelState::connected) return false;
    stored->silent_since.reset();
    if (silence == Silence::odd) stored->silent_since = now - silence_looked_at;
    tx.save_channel(*stored);
    tx.note_change("channel", id.value());
    return true;
}

static boost::asio::awaitable<void> watch_one(std::shared_ptr<const ChannelWatch> watch, Channel channel,
                                              Timestamp now) {
    auto looking = read(watch->store, [channel, now](StoreSession& session) {
        return silence_of(session.in(channel.workspace), channel, now);
    });
    const Silence silence = co_await std::move(looking);
    if (silence == Silence::usual) co_return;
    if (silence == Silence::odd) {
        auto checking = check_channel(watch, channel, now);
        const Result<Channel> checked = co_await std::move(checking);
        if (!checked || checked->state != ChannelState::connected) co_return;  // the check found why
    }
    auto marking = write(watch->store, [channel, silence, now](StoreSession& session) {
        return mark_silence(session.in(channel.workspace), channel.id, silence, now);
    });
    const bool is_marked = co_await std::move(marking);
    if (!is_marked) co_return;
    auto telling = watch->changed();
    co_await std::move(telling);
    if (silence == Silence::odd)
        log(LogLevel::warning, "nothing comes from a channel that says that it works",
            {{"channel", channel.id.value().text()}});
}

boost::asio::awaitable<void> watch_for_silence(std::shared_ptr<const ChannelWatch> watch,
                                               std::function<bool(ChannelId)> is_ours, Timestamp now) {
    auto reading = read(watch->store, [](StoreSession& session) { return session.all_channels(); });
    const std::vector<Channel> channels = co_await std::move(reading);
    for (const Channel& channel : channels) {
        if (!is_ours(channel.id)) continue;
        auto watching = watch_one(watch, channel, now);
        co_await std::move(watching);
    }
}

}  // namespace okno
