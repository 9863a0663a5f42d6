// Looks after the session, starts it again when it failed, and fetches what was missed (channels page of the gateway,
// sections 5 and 8).
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/gateway_messenger.hpp"
#include "messengers/gateway/parse.hpp"
#include "messengers/gateway/watch.hpp"

#include <cstdlib>

namespace okno::gateway {

namespace json = boost::json;

static std::chrono::milliseconds pause_of(const Channel& channel) {
    constexpr long otherwise = 60;
    const long seconds = std::strtol(channel.setting("watch_seconds").c_str(), nullptr, 10);
    return std::chrono::seconds{seconds > 0 ? seconds : otherwise};
}

static Look look_of(const Result<Session>& told, const Channel& channel) {
    if (told) return {*told, {}, channel.state_since};
    const bool is_refusal = told.error().kind == ErrorKind::conflict;
    return {std::nullopt, is_refusal ? told.error().detail : std::string(), channel.state_since};
}

// A look each minute. A history that cannot be fetched now is fetched at the next look: its place is not moved on.
boost::asio::awaitable<Result<Polled>> GatewayMessenger::poll(Channel channel, std::string cursor,
                                                              HttpTransport& http) const {
    const Shape& shape = shape_of(channel);
    const Watch before = read_watch(cursor);
    auto looking = shape.look(channel, http);
    const Result<Session> told = co_await std::move(looking);
    const Timestamp now = Clock::real_now();
    const Step next = step(before, look_of(told, channel), channel.address, pause_of(channel), now);
    Polled out{{}, write_watch(next.after), pause_of(channel)};
    if (next.fetch_since) {
        auto fetching = shape.history_since(channel, *next.fetch_since, http);
        const Result<std::vector<json::value>> history = co_await std::move(fetching);
        if (!history) co_return std::unexpected(history.error());
        for (const json::value& message : *history)
            out.bodies.push_back(history_body(shape.name(), message, now));
    }
    if (next.notice) out.bodies.push_back(notice_body(*next.notice, now));
    if (next.restarts) {
        auto restarting = perform(channel, shape.restart_call(channel), http);
        co_await std::move(restarting);  // whether it helped is seen at the next look
    }
    co_return out;
}

}  // namespace okno::gateway
