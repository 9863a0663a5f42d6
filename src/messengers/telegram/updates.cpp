// How updates come: the webhook, or questions where Telegram cannot call (channels page, sections 2, 3 and 12).
#include "messengers/telegram/bot_api.hpp"
#include "messengers/telegram/telegram_messenger.hpp"

#include <charconv>

namespace okno::telegram {

namespace json = boost::json;

static json::array wanted_updates() {
    return {"message",
            "edited_message",
            "callback_query",
            "my_chat_member",
            "business_connection",
            "business_message",
            "edited_business_message",
            "deleted_business_messages"};
}

static boost::asio::awaitable<Result<json::value>> ask(Channel channel, std::string method, json::object parameters,
                                                       HttpTransport& http) {
    HttpRequest request = bot_request(channel, method, parameters);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return result_of(reply);
}

static bool are_wanted(const JsonView& updates) {
    const json::array wanted = wanted_updates();
    if (updates.size() != wanted.size()) return false;
    for (std::size_t i = 0; i < updates.size(); ++i)
        if (std::ranges::find(wanted, *updates.at(i).raw()) == wanted.end()) return false;
    return true;
}

boost::asio::awaitable<Result<Account>> TelegramMessenger::check(Channel channel, std::string webhook_url,
                                                                 HttpTransport& http) const {
    auto asking = ask(channel, "getMe", {}, http);
    const Result<json::value> me = co_await std::move(asking);
    if (!me) co_return std::unexpected(me.error());
    if (JsonView(*me)["id"].text_or("") != channel.address)
        co_return fail(ErrorKind::conflict, "other_account", "The token is of another bot.");
    Account account{.handle = "@" + JsonView(*me)["username"].text_or("")};
    account.is_polled = webhook_url.empty() || channel.setting("updates") == "polling";
    auto looking = ask(channel, "getWebhookInfo", {}, http);
    const Result<json::value> info = co_await std::move(looking);
    if (!info) co_return std::unexpected(info.error());
    const JsonView webhook(*info);
    const std::string wanted = account.is_polled ? std::string() : webhook_url;
    const bool is_set = webhook["url"].text_or("") == wanted && (wanted.empty() || are_wanted(webhook["allowed_updates"]));
    if (is_set) co_return account;
    json::object parameters{{"drop_pending_updates", false}};
    if (!wanted.empty()) {
        parameters["url"] = wanted;
        parameters["secret_token"] = channel.credential("verify_token").reveal();
        parameters["max_connections"] = 40;
        parameters["allowed_updates"] = wanted_updates();
    }
    auto setting = ask(channel, wanted.empty() ? "deleteWebhook" : "setWebhook", std::move(parameters), http);
    const Result<json::value> set = co_await std::move(setting);
    if (!set)
        co_return fail(set.error().kind, "webhook_refused", "Telegram refuses our address: " + set.error().detail);
    co_return account;
}

boost::asio::awaitable<Result<void>> TelegramMessenger::disconnect(Channel channel, HttpTransport& http) const {
    auto asking = ask(channel, "deleteWebhook", {{"drop_pending_updates", false}}, http);
    const Result<json::value> done = co_await std::move(asking);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

// "42@1795000000000": the next update and when that was learned. After a week without updates Telegram begins at a
// random number, so an old place is none.
static std::int64_t place_in(const std::string& cursor, Timestamp now) {
    std::int64_t place = 0;
    std::int64_t learned = 0;
    const char* end = cursor.data() + cursor.size();
    const auto first = std::from_chars(cursor.data(), end, place);
    if (first.ptr == end || *first.ptr != '@') return 0;
    std::from_chars(first.ptr + 1, end, learned);
    return now - from_millis(learned) < std::chrono::days(6) ? place : 0;
}

boost::asio::awaitable<Result<Polled>> TelegramMessenger::poll(Channel channel, std::string cursor,
                                                               HttpTransport& http) const {
    constexpr int wait_seconds = 25;
    const std::int64_t place = place_in(cursor, Clock::real_now());
    json::object parameters{{"limit", 100}, {"timeout", wait_seconds}, {"allowed_updates", wanted_updates()}};
    if (place > 0) parameters["offset"] = place;
    HttpRequest request = bot_request(channel, "getUpdates", parameters);
    request.timeout = std::chrono::seconds(wait_seconds + 20);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const Result<json::value> updates = result_of(reply);
    if (!updates) {
        const std::string words = description_of(reply);
        if (words.starts_with("conflict: can't use getupdates")) {
            auto removing = disconnect(channel, http);
            const Result<void> removed = co_await std::move(removing);
            if (removed) co_return Polled{{}, std::move(cursor)};
        }
        co_return std::unexpected(updates.error());
    }
    Polled out{{}, std::move(cursor)};
    std::int64_t next = place;
    const JsonView list(*updates);
    for (std::size_t i = 0; i < list.size(); ++i) {
        out.bodies.push_back(json::serialize(*list.at(i).raw()));
        next = std::max(next, list.at(i)["update_id"].integer().value_or(0) + 1);
    }
    if (list.size() > 0) out.cursor = std::to_string(next) + "@" + std::to_string(to_millis(Clock::real_now()));
    co_return out;
}

}  // namespace okno::telegram
