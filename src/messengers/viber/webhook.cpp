#include "messengers/viber/webhook.hpp"

#include "messengers/viber/api.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace okno::viber {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 6> wanted_events{"delivered",  "seen",         "failed",
                                                        "subscribed", "unsubscribed", "conversation_started"};

// Empty url: nobody is called.
json::object webhook_body(const std::string& url) {
    if (url.empty()) return {{"url", ""}};
    return {{"url", url},
            {"event_types", json::array(wanted_events.begin(), wanted_events.end())},
            {"send_name", true},
            {"send_photo", true}};
}

bool has_all(const JsonView& events) {
    return std::ranges::all_of(wanted_events, [&](std::string_view wanted) {
        for (std::size_t i = 0; i < events.size(); ++i)
            if (events.at(i).text_or("") == wanted) return true;
        return false;
    });
}

boost::asio::awaitable<Result<void>> set_webhook(Channel channel, std::string url, HttpTransport& http) {
    auto setting = call(channel, "set_webhook", webhook_body(url), http);
    const Result<json::value> set = co_await std::move(setting);
    if (set) co_return Result<void>{};
    if (set.error().code != "webhook_refused") co_return std::unexpected(set.error());
    co_return fail(set.error().kind, set.error().code,
                   "Viber refuses our address (" + set.error().detail + "). Check that " + url +
                       " can be reached from outside, with a certificate of a usual authority.");
}

bool is_same_uri(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b,
                              [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

boost::asio::awaitable<Result<Account>> check_account(Channel channel, std::string url, HttpTransport& http) {
    auto asking = call(channel, "get_account_info", {}, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    const JsonView account(*told);
    const std::string uri = account["uri"].text_or("");
    if (!is_same_uri(uri, channel.address))
        co_return fail(ErrorKind::conflict, "other_account", "The token is of another bot: " + uri + ".");
    if (url.empty())
        co_return fail(ErrorKind::conflict, "no_public_address",
                       "Viber calls Okno at its public address, which is not set: set public_url.");
    if (account["webhook"].text_or("") != url || !has_all(account["event_types"])) {
        auto setting = set_webhook(channel, url, http);
        const Result<void> set = co_await std::move(setting);
        if (!set) co_return std::unexpected(set.error());
    }
    Account out{.handle = "viber://pa?chatURI=" + uri};
    out.settings["webhook_url"] = url;  // for a webhook that Viber forgets
    co_return out;
}

boost::asio::awaitable<Result<void>> set_webhook_again(Channel channel, HttpTransport& http) {
    std::string url = channel.setting("webhook_url");
    if (url.empty()) co_return fail(ErrorKind::conflict, "webhook_not_set", "Viber calls nobody: check the channel.");
    auto setting = set_webhook(channel, std::move(url), http);
    co_return co_await std::move(setting);
}

boost::asio::awaitable<Result<void>> remove_webhook(Channel channel, HttpTransport& http) {
    auto asking = call(channel, "get_account_info", {}, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    if (!JsonView(*told)["webhook"].text_or("").ends_with("/hooks/" + channel.key)) co_return Result<void>{};
    auto removing = set_webhook(channel, {}, http);
    co_return co_await std::move(removing);
}

}  // namespace okno::viber
