// How updates come: the webhook, or questions where Telegram cannot call (channels page, sections 2, 3 and 12).
#include "messengers/telegram/bot_api.hpp"
#include "messengers/telegram/telegram_messenger.hpp"

#include <algorithm>
#include <charconv>

namespace okno::telegram {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

// Reactions come only when they are asked for by name.
json::array wanted_updates() {
    return {"message",          "edited_message",          "message_reaction",
            "callback_query",   "my_chat_member",          "business_connection",
            "business_message", "edited_business_message", "deleted_business_messages"};
}

// Of a webhook of ours: what Telegram could not bring lately. Empty: nothing.
std::string warning_in(const JsonView& webhook) {
    constexpr std::int64_t most_pending = 100;
    constexpr std::int64_t year_9999 = 253'402'300'799;
    const std::int64_t seconds = webhook["last_error_date"].integer().value_or(0);
    const Timestamp failed{std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, year_9999)}};
    const std::int64_t pending = webhook["pending_update_count"].integer().value_or(0);
    if (Clock::real_now() - failed < 10min)
        return "Telegram could not call us at " + to_rfc3339(failed) + ": " +
               webhook["last_error_message"].text_or("it gave no reason") + ".";
    if (pending > most_pending) return "Telegram still holds " + std::to_string(pending) + " updates for us.";
    return {};
}

// Told each time: nobody tells which secret Telegram has, and an admin may have changed it.
boost::asio::awaitable<Result<json::value>> set_webhook(Channel channel, std::string url, HttpTransport& http) {
    json::object parameters{{"url", url},
                            {"secret_token", channel.credential("verify_token").reveal()},
                            {"max_connections", 40},
                            {"drop_pending_updates", false},
                            {"allowed_updates", wanted_updates()}};
    return ask(std::move(channel), "setWebhook", std::move(parameters), http);
}

boost::asio::awaitable<Result<json::value>> delete_webhook(Channel channel, HttpTransport& http) {
    return ask(std::move(channel), "deleteWebhook", {{"drop_pending_updates", false}}, http);
}

}  // namespace

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
    const std::string before = webhook["url"].text_or("");
    if (account.is_polled && before.empty()) co_return account;
    if (!account.is_polled && before == webhook_url) account.warning = warning_in(webhook);
    auto setting = account.is_polled ? delete_webhook(channel, http) : set_webhook(channel, webhook_url, http);
    const Result<json::value> set = co_await std::move(setting);
    if (!set)
        co_return fail(set.error().kind, "webhook_refused", "Telegram refuses our address: " + set.error().detail);
    co_return account;
}

boost::asio::awaitable<Result<void>> TelegramMessenger::disconnect(Channel channel, HttpTransport& http) const {
    auto asking = delete_webhook(channel, http);
    const Result<json::value> done = co_await std::move(asking);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

namespace {

// Before a cursor while another program has a webhook there: nothing is asked for until that is gone.
constexpr std::string_view stopped = "stopped ";
constexpr auto until_looked_again = 10s;
constexpr auto beside_another = 30s;  // both would only end each other's questions
constexpr auto until_renewed = 30s;

// "42@1795000000000": the next update and when that was learned. After a week without updates Telegram begins at a
// random number, so an old place is none.
std::int64_t place_in(const std::string& cursor, Timestamp now) {
    std::int64_t place = 0;
    std::int64_t learned = 0;
    const char* end = cursor.data() + cursor.size();
    const auto first = std::from_chars(cursor.data(), end, place);
    if (first.ptr == end || *first.ptr != '@') return 0;
    std::from_chars(first.ptr + 1, end, learned);
    return now - from_millis(learned) < std::chrono::days(6) ? place : 0;
}

Polled nothing_new(std::string cursor, std::chrono::milliseconds pause) {
    Polled out;
    out.cursor = std::move(cursor);
    out.pause = pause;
    return out;
}

// Whether the webhook of another program is still there. An admin's check takes it away.
boost::asio::awaitable<Result<Polled>> look_again(Channel channel, std::string cursor, HttpTransport& http) {
    auto asking = ask(std::move(channel), "getWebhookInfo", {}, http);
    const Result<json::value> info = co_await std::move(asking);
    if (!info) co_return std::unexpected(info.error());
    if (JsonView(*info)["url"].text_or("").empty()) co_return nothing_new(cursor.substr(stopped.size()), 0ms);
    Polled out = nothing_new(cursor, until_looked_again);
    out.notice = ChannelNotice{ChannelNotice::Kind::warning,
                               "Another program set a webhook for this bot, and what people write goes there. Check "
                               "the channel to have it come here again."};
    co_return out;
}

// What a refused question means for the next one. Empty: it is an error like any other.
std::optional<Polled> after_refusal(const Refusal& refusal, const std::string& cursor) {
    const std::string reason = reason_in(refusal.words);
    if (reason.starts_with("terminated by setwebhook"))
        return nothing_new(std::string(stopped) + cursor, until_looked_again);
    if (reason.starts_with("terminated by other getupdates")) {
        Polled out = nothing_new(cursor, beside_another);
        out.notice = ChannelNotice{ChannelNotice::Kind::warning,
                                   "Another program asks for the messages of this bot with the same token: each gets a "
                                   "part of them. End it, or renew the token."};
        return out;
    }
    const KnownError* known = find_error(refusal.code, refusal.words);
    if (known != nullptr && known->reaction == Reaction::wait) return nothing_new(cursor, refusal.retry_after);
    if (known == nullptr || known->reaction != Reaction::broken) return std::nullopt;
    Polled out = nothing_new(cursor, until_renewed);
    out.notice = ChannelNotice{ChannelNotice::Kind::broken, refusal.words};
    return out;
}

Polled read_updates(const json::value& updates, std::int64_t place, std::string cursor) {
    Polled out;
    out.cursor = std::move(cursor);
    const JsonView list(updates);
    for (std::size_t i = 0; i < list.size(); ++i) {
        out.bodies.push_back(json::serialize(*list.at(i).raw()));
        place = std::max(place, list.at(i)["update_id"].integer().value_or(0) + 1);
    }
    if (list.size() > 0) out.cursor = std::to_string(place) + "@" + std::to_string(to_millis(Clock::real_now()));
    return out;
}

}  // namespace

boost::asio::awaitable<Result<Polled>> TelegramMessenger::poll(Channel channel, std::string cursor,
                                                               HttpTransport& http) const {
    constexpr int wait_seconds = 25;
    if (cursor.starts_with(stopped)) {
        auto looking = look_again(channel, cursor, http);
        Result<Polled> seen = co_await std::move(looking);
        co_return seen;
    }
    const std::int64_t place = place_in(cursor, Clock::real_now());
    json::object parameters{{"limit", 100}, {"timeout", wait_seconds}, {"allowed_updates", wanted_updates()}};
    if (place > 0) parameters["offset"] = place;
    HttpRequest request = bot_request(channel, "getUpdates", parameters);
    request.timeout = std::chrono::seconds(wait_seconds + 20);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const auto refusal = refusal_of(reply);
    if (refusal && reason_in(refusal->words).starts_with("can't use getupdates")) {
        auto removing = delete_webhook(channel, http);
        const Result<json::value> removed = co_await std::move(removing);
        if (!removed) co_return std::unexpected(removed.error());
        co_return nothing_new(std::move(cursor), 0ms);
    }
    if (refusal)
        if (auto polled = after_refusal(*refusal, cursor)) co_return std::move(*polled);
    const Result<json::value> updates = result_of(reply);
    if (!updates) co_return std::unexpected(updates.error());
    co_return read_updates(*updates, place, std::move(cursor));
}

}  // namespace okno::telegram
