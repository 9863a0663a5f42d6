// How updates come: the subscription, or long polling where MAX cannot call (channels page of MAX, section 2).
#include "messengers/max/api.hpp"
#include "messengers/max/max_messenger.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace okno::max {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 7> wanted_updates{"message_created", "message_callback", "message_edited",
                                                         "message_removed", "bot_started",      "bot_stopped",
                                                         "dialog_removed"};

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// The token is of this bot.
boost::asio::awaitable<Result<Account>> whose(Channel channel, HttpTransport& http) {
    auto asking = call(api_request(channel, "GET", "/me"), http);
    const Result<json::value> me = co_await std::move(asking);
    if (!me) co_return std::unexpected(me.error());
    const std::string nick = JsonView(*me)["username"].text_or("");
    if (lower(nick) != channel.address)
        co_return fail(ErrorKind::conflict, "other_account",
                       nick.empty() ? "The token is of no bot." : "The token is of another bot: max.ru/" + nick + ".");
    co_return Account{.handle = "max.ru/" + nick};
}

boost::asio::awaitable<Result<std::vector<std::string>>> subscribed(Channel channel, HttpTransport& http) {
    auto asking = call(api_request(channel, "GET", "/subscriptions"), http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    std::vector<std::string> urls;
    const JsonView list = JsonView(*told)["subscriptions"];
    urls.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
        urls.push_back(list.at(i)["url"].text_or(""));
    co_return urls;
}

// Made anew at each check: MAX ends a subscription after eight hours of failures, and does not tell its secret.
boost::asio::awaitable<Result<void>> subscribe(Channel channel, std::string url, HttpTransport& http) {
    const json::object body{{"url", url},
                            {"secret", channel.credential("verify_token").reveal()},
                            {"update_types", json::array(wanted_updates.begin(), wanted_updates.end())}};
    auto asking = call(api_request(channel, "POST", "/subscriptions", {}, body), http);
    const Result<json::value> done = co_await std::move(asking);
    if (!done && done.error().kind == ErrorKind::conflict)
        co_return fail(ErrorKind::conflict, "webhook_refused", "MAX refuses our address: " + done.error().detail);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

boost::asio::awaitable<Result<void>> unsubscribe(Channel channel, std::vector<std::string> urls, HttpTransport& http) {
    for (const std::string& url : urls) {
        auto asking = call(api_request(channel, "DELETE", "/subscriptions", {{"url", url}}), http);
        const Result<json::value> done = co_await std::move(asking);
        if (!done) co_return std::unexpected(done.error());
    }
    co_return Result<void>{};
}

bool is_of_channel(const std::string& url, const Channel& channel) { return url.ends_with("/hooks/" + channel.key); }

// This channel under an earlier name of this server, or an earlier channel of the same bot here.
bool is_outlived(const std::string& url, const std::string& wanted, const Channel& channel) {
    const std::string here = wanted.substr(0, wanted.size() - std::min(wanted.size(), channel.key.size()));
    return url != wanted && (is_of_channel(url, channel) || (!here.empty() && url.starts_with(here)));
}

std::string joined_types() {
    std::string out;
    for (const std::string_view type : wanted_updates)
        out += (out.empty() ? "" : ",") + std::string(type);
    return out;
}

}  // namespace

boost::asio::awaitable<Result<Account>> MaxMessenger::check(Channel channel, std::string webhook_url,
                                                            HttpTransport& http) const {
    auto asking = whose(channel, http);
    Result<Account> account = co_await std::move(asking);
    if (!account) co_return account;
    account->is_polled = webhook_url.empty() || channel.setting("updates") == "polling";
    if (!account->is_polled) {
        auto subscribing = subscribe(channel, webhook_url, http);
        const Result<void> placed = co_await std::move(subscribing);
        if (!placed) co_return std::unexpected(placed.error());
    }
    auto looking = subscribed(channel, http);
    Result<std::vector<std::string>> urls = co_await std::move(looking);
    if (!urls) co_return std::unexpected(urls.error());
    if (!account->is_polled) {
        if (std::ranges::find(*urls, webhook_url) == urls->end())
            co_return fail(
                ErrorKind::conflict, "webhook_refused",
                "MAX took our address and does not list it: check that it has a certificate that MAX trusts.");
        std::erase_if(*urls, [&](const std::string& url) { return !is_outlived(url, webhook_url, channel); });
    }
    // Asking works only while nobody is subscribed.
    auto removing = unsubscribe(channel, *urls, http);
    const Result<void> removed = co_await std::move(removing);
    if (!removed && account->is_polled) co_return std::unexpected(removed.error());
    co_return account;
}

boost::asio::awaitable<Result<void>> MaxMessenger::disconnect(Channel channel, HttpTransport& http) const {
    auto looking = subscribed(channel, http);
    Result<std::vector<std::string>> urls = co_await std::move(looking);
    if (!urls) co_return std::unexpected(urls.error());
    std::erase_if(*urls, [&](const std::string& url) { return !is_of_channel(url, channel); });
    auto removing = unsubscribe(channel, *urls, http);
    co_return co_await std::move(removing);
}

// The cursor is the marker. MAX answers two questions a second, so there is a pause before each.
boost::asio::awaitable<Result<Polled>> MaxMessenger::poll(Channel channel, std::string cursor,
                                                          HttpTransport& http) const {
    constexpr int wait_seconds = 25;
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, beat_ * 6 / 10);
    co_await timer.async_wait(boost::asio::use_awaitable);

    Query query{{"limit", "100"}, {"timeout", std::to_string(wait_seconds)}, {"types", joined_types()}};
    if (!cursor.empty()) query.emplace_back("marker", cursor);
    HttpRequest request = api_request(channel, "GET", "/updates", query);
    request.timeout = std::chrono::seconds(wait_seconds + 20);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const Result<json::value> told = answer_of(reply);
    if (!told) {
        // Refused while somebody is subscribed: an admin chose to be asked, so nobody shall be.
        const bool is_subscribed = told.error().kind == ErrorKind::conflict && told.error().code != "token_broken";
        if (!is_subscribed) co_return std::unexpected(told.error());
        auto looking = subscribed(channel, http);
        const Result<std::vector<std::string>> urls = co_await std::move(looking);
        if (!urls || urls->empty()) co_return std::unexpected(told.error());
        auto removing = unsubscribe(channel, *urls, http);
        const Result<void> removed = co_await std::move(removing);
        if (!removed) co_return std::unexpected(removed.error());
        co_return Polled{{}, std::move(cursor)};
    }
    const JsonView answer(*told);
    Polled out{{}, answer["marker"].text_or(cursor)};
    for (std::size_t i = 0; i < answer["updates"].size(); ++i)
        out.bodies.push_back(json::serialize(*answer["updates"].at(i).raw()));
    co_return out;
}

}  // namespace okno::max
