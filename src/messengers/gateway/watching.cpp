// Looks after the session, starts it again when it failed, and fetches what was missed (channels page of the gateway,
// sections 5 and 8).
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/gateway_messenger.hpp"
#include "messengers/gateway/parse.hpp"
#include "messengers/gateway/watch.hpp"

#include <algorithm>
#include <cstdlib>

namespace okno::gateway {

namespace json = boost::json;

namespace {

constexpr int chats_at_once = 100;
constexpr int messages_at_once = 100;
constexpr int most_pages = 100;

std::chrono::milliseconds pause_of(const Channel& channel) {
    constexpr long otherwise = 60;
    const long seconds = std::strtol(channel.setting("watch_seconds").c_str(), nullptr, 10);
    return std::chrono::seconds{seconds > 0 ? seconds : otherwise};
}

std::int64_t seconds_of(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

boost::asio::awaitable<Look> look_at(Channel channel, HttpTransport& http) {
    auto asking = call(channel, "GET", "/api/sessions/" + session_of(channel), nullptr, http);
    const Result<json::value> told = co_await std::move(asking);
    Look out;
    if (!told) {
        const bool is_refusal = told.error().kind == ErrorKind::conflict;
        if (is_refusal) out.refusal = told.error().detail;
        co_return out;
    }
    const JsonView session(*told);
    out.status = session["status"].text_or("");
    if (const auto number = address_of_chat(session["me"]["id"].text_or(""))) out.number = number->value;
    co_return out;
}

using Messages = std::vector<json::value>;

// The chats of people in which something was written since then, newest first as the gateway lists them.
boost::asio::awaitable<Result<std::vector<std::string>>> chats_since(Channel channel, Timestamp since,
                                                                     HttpTransport& http) {
    std::vector<std::string> out;
    for (int page = 0; page < most_pages; ++page) {
        auto asking = call(channel, "GET",
                           "/api/" + session_of(channel) + "/chats/overview?limit=" + std::to_string(chats_at_once) +
                               "&offset=" + std::to_string(page * chats_at_once),
                           nullptr, http);
        const Result<json::value> told = co_await std::move(asking);
        if (!told) co_return std::unexpected(told.error());
        const JsonView chats(*told);
        bool has_fresh = false;
        for (std::size_t i = 0; i < chats.size(); ++i) {
            const std::string id = chats.at(i)["id"].text_or("");
            const auto newest = chats.at(i)["lastMessage"]["timestamp"].integer();
            const bool is_fresh = !newest || *newest >= seconds_of(since);
            has_fresh = has_fresh || is_fresh;
            if (is_fresh && address_of_chat(id)) out.push_back(id);
        }
        if (!has_fresh || chats.size() < static_cast<std::size_t>(chats_at_once)) break;
    }
    co_return out;
}

boost::asio::awaitable<Result<void>> append_messages(Channel channel, std::string chat, Timestamp since, Messages& to,
                                                     HttpTransport& http) {
    for (int page = 0; page < most_pages; ++page) {
        const std::string path =
            "/api/" + session_of(channel) + "/chats/" + chat + "/messages?limit=" + std::to_string(messages_at_once) +
            "&offset=" + std::to_string(page * messages_at_once) +
            "&downloadMedia=true&sortOrder=asc&filter.timestamp.gte=" + std::to_string(seconds_of(since));
        auto asking = call(channel, "GET", path, nullptr, http);
        const Result<json::value> told = co_await std::move(asking);
        if (!told) co_return std::unexpected(told.error());
        const JsonView messages(*told);
        for (std::size_t i = 0; i < messages.size(); ++i)
            to.push_back(*messages.at(i).raw());
        if (messages.size() < static_cast<std::size_t>(messages_at_once)) break;
    }
    co_return Result<void>{};
}

boost::asio::awaitable<Result<Messages>> history_since(Channel channel, Timestamp since, HttpTransport& http) {
    auto listing = chats_since(channel, since, http);
    const Result<std::vector<std::string>> chats = co_await std::move(listing);
    if (!chats) co_return std::unexpected(chats.error());
    Messages out;
    for (const std::string& chat : *chats) {
        auto reading = append_messages(channel, chat, since, out, http);
        const Result<void> read = co_await std::move(reading);
        if (!read) co_return std::unexpected(read.error());
    }
    std::ranges::stable_sort(
        out, {}, [](const json::value& message) { return JsonView(message)["timestamp"].integer().value_or(0); });
    co_return out;
}

std::string body_of(std::string_view event, const Channel& channel, json::value payload, Timestamp now) {
    return json::serialize(json::object{{"event", event},
                                        {"timestamp", to_millis(now)},
                                        {"session", session_of(channel)},
                                        {"payload", std::move(payload)}});
}

std::string body_of(const ChannelNotice& notice, const Channel& channel, Timestamp now) {
    const char* kind = notice.kind == ChannelNotice::Kind::broken ? "broken" : "working";
    return body_of(notice_event, channel, json::object{{"kind", kind}, {"reason", notice.reason}}, now);
}

}  // namespace

// A look each minute. A history that cannot be fetched now is fetched at the next look: its place is not moved on.
boost::asio::awaitable<Result<Polled>> GatewayMessenger::poll(Channel channel, std::string cursor,
                                                              HttpTransport& http) const {
    const Watch before = read_watch(cursor);
    auto looking = look_at(channel, http);
    const Look look = co_await std::move(looking);
    const Timestamp now = Clock::real_now();
    const Step next = step(before, look, channel.address, pause_of(channel), now);
    Polled out{{}, write_watch(next.after), pause_of(channel)};
    if (next.fetch_since) {
        auto fetching = history_since(channel, *next.fetch_since, http);
        const Result<Messages> history = co_await std::move(fetching);
        if (!history) co_return std::unexpected(history.error());
        for (const json::value& message : *history)
            out.bodies.push_back(body_of(history_event, channel, message, now));
    }
    if (next.notice) out.bodies.push_back(body_of(*next.notice, channel, now));
    if (next.restarts) {
        auto restarting = call(channel, "POST", "/api/sessions/" + session_of(channel) + "/restart", nullptr, http);
        co_await std::move(restarting);  // whether it helped is seen at the next look
    }
    co_return out;
}

}  // namespace okno::gateway
