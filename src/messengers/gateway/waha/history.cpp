// What was missed, from the history that WAHA keeps (channels page of the gateway, section 8).
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/waha/waha.hpp"

#include <algorithm>

namespace okno::gateway::waha {

namespace json = boost::json;

namespace {

constexpr int chats_at_once = 100;
constexpr int messages_at_once = 100;
constexpr int most_pages = 100;

std::int64_t seconds_of(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

using Messages = std::vector<json::value>;

// The chats of people in which something was written since then, newest first as the gateway lists them.
boost::asio::awaitable<Result<std::vector<std::string>>> chats_since(Channel channel, Timestamp since,
                                                                     HttpTransport& http) {
    std::vector<std::string> out;
    for (int page = 0; page < most_pages; ++page) {
        auto asking =
            perform(channel,
                    {"GET", "/api/" + session_of(channel) + "/chats/overview?limit=" + std::to_string(chats_at_once) +
                                "&offset=" + std::to_string(page * chats_at_once)},
                    http);
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
        auto asking = perform(channel, {"GET", path}, http);
        const Result<json::value> told = co_await std::move(asking);
        if (!told) co_return std::unexpected(told.error());
        const JsonView messages(*told);
        for (std::size_t i = 0; i < messages.size(); ++i)
            to.push_back(*messages.at(i).raw());
        if (messages.size() < static_cast<std::size_t>(messages_at_once)) break;
    }
    co_return Result<void>{};
}

}  // namespace

boost::asio::awaitable<Result<std::vector<json::value>>> Waha::history_since(Channel channel, Timestamp since,
                                                                             HttpTransport& http) const {
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

}  // namespace okno::gateway::waha
