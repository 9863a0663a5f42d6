// Connecting a session: its webhook, its number, and the code to link it (channels page of the gateway, sections 1 and
// 8).
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/gateway_messenger.hpp"
#include "messengers/gateway/session_state.hpp"

#include <algorithm>
#include <array>

namespace okno::gateway {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 7> wanted_events{"message.any",    "message.ack",     "message.reaction",
                                                        "message.edited", "message.revoked", "session.status",
                                                        "call.received"};

std::string secret_of(const Channel& channel) { return channel.credential("verify_token").reveal(); }

bool is_ours(const JsonView& webhook, const Channel& channel) {
    return webhook["url"].text_or("").ends_with("/hooks/" + channel.key);
}

json::object our_webhook(const Channel& channel, const std::string& url) {
    return {{"url", url},
            {"events", json::array(wanted_events.begin(), wanted_events.end())},
            {"hmac", json::object{{"key", secret_of(channel)}}},
            {"retries", json::object{{"policy", "exponential"}, {"delaySeconds", 2}, {"attempts", 15}}}};
}

bool has_all_events(const JsonView& events) {
    return std::ranges::all_of(wanted_events, [&](std::string_view wanted) {
        for (std::size_t i = 0; i < events.size(); ++i)
            if (events.at(i).text_or("") == wanted) return true;
        return false;
    });
}

bool is_set_up(const JsonView& session, const Channel& channel, const std::string& url) {
    const JsonView webhooks = session["config"]["webhooks"];
    for (std::size_t i = 0; i < webhooks.size(); ++i) {
        const JsonView one = webhooks.at(i);
        if (!is_ours(one, channel)) continue;
        return one["url"].text_or("") == url && one["hmac"]["key"].text_or("") == secret_of(channel) &&
               has_all_events(one["events"]);
    }
    return false;
}

// The session's own settings with our webhook in place of the one that we had; `url` empty: without ours.
json::object config_with(const JsonView& session, const Channel& channel, const std::string& url) {
    json::object config;
    if (const json::value* before = session["config"].raw(); before != nullptr && before->is_object())
        config = before->get_object();
    json::array webhooks;
    const JsonView list = session["config"]["webhooks"];
    for (std::size_t i = 0; i < list.size(); ++i)
        if (!is_ours(list.at(i), channel)) webhooks.push_back(*list.at(i).raw());
    if (!url.empty()) webhooks.push_back(our_webhook(channel, url));
    config["webhooks"] = std::move(webhooks);
    if (!url.empty())
        config["ignore"] = json::object{{"status", true}, {"groups", true}, {"channels", true}, {"broadcast", true}};
    return config;
}

std::string path_of(const Channel& channel) { return "/api/sessions/" + session_of(channel); }

// The session, made when there is none, with our webhook.
boost::asio::awaitable<Result<json::value>> set_up(Channel channel, std::string url, HttpTransport& http) {
    auto asking = call(channel, "GET", path_of(channel), nullptr, http);
    const Result<json::value> told = co_await std::move(asking);
    if (told && is_set_up(JsonView(*told), channel, url)) co_return told;
    if (!told && told.error().code != "session_missing") co_return told;
    const json::value none = json::object{};
    const JsonView session(told ? *told : none);
    json::object body{{"name", session_of(channel)}, {"config", config_with(session, channel, url)}};
    if (!told) body["start"] = true;
    auto setting = call(channel, told ? "PUT" : "POST", told ? path_of(channel) : "/api/sessions",
                        json::value(std::move(body)), http);
    const Result<json::value> set = co_await std::move(setting);
    if (!set) co_return set;
    auto looking = call(channel, "GET", path_of(channel), nullptr, http);
    co_return co_await std::move(looking);
}

// What the session's state means for connecting: the account, or the reason why it does not work yet.
Result<Account> account_of_session(const JsonView& session, const Channel& channel) {
    Account account{.handle = "+" + channel.address, .is_polled = true};
    const std::string status = session["status"].text_or("");
    const auto number = address_of_chat(session["me"]["id"].text_or(""));
    if (status == "WORKING" && number && number->value != channel.address)
        return fail(ErrorKind::conflict, "other_account",
                    "The session is linked to +" + number->value + ", not to +" + channel.address +
                        ": link the right phone or give its number.");
    const auto notice = notice_of(status, 0);
    if (!notice || notice->kind == ChannelNotice::Kind::working) return account;
    // Kept first, so that the session is watched and the channel works as soon as it does.
    if (channel.setting("is_polled") != "1") {
        account.is_unfinished = true;
        return account;
    }
    return fail(ErrorKind::conflict, "session_not_ready", notice->reason);
}

}  // namespace

boost::asio::awaitable<Result<Account>> GatewayMessenger::check(Channel channel, std::string webhook_url,
                                                                HttpTransport& http) const {
    if (webhook_url.empty())
        co_return fail(ErrorKind::conflict, "no_public_address",
                       "A gateway tells what comes by calling this server, which has no address that it could call: "
                       "set `public_url`.");
    auto setting = set_up(channel, std::move(webhook_url), http);
    const Result<json::value> session = co_await std::move(setting);
    if (!session) co_return std::unexpected(session.error());
    co_return account_of_session(JsonView(*session), channel);
}

boost::asio::awaitable<Result<void>> GatewayMessenger::disconnect(Channel channel, HttpTransport& http) const {
    auto asking = call(channel, "GET", path_of(channel), nullptr, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told && told.error().code == "session_missing") co_return Result<void>{};
    if (!told) co_return std::unexpected(told.error());
    json::object body{{"config", config_with(JsonView(*told), channel, "")}};
    auto setting = call(channel, "PUT", path_of(channel), json::value(std::move(body)), http);
    const Result<json::value> set = co_await std::move(setting);
    if (!set) co_return std::unexpected(set.error());
    co_return Result<void>{};
}

boost::asio::awaitable<Result<Pairing>> GatewayMessenger::pairing(Channel channel, HttpTransport& http) const {
    auto asking = call(channel, "GET", path_of(channel), nullptr, http);
    const Result<json::value> session = co_await std::move(asking);
    if (!session) co_return std::unexpected(session.error());
    const std::string status = JsonView(*session)["status"].text_or("");
    if (status == "WORKING") co_return Pairing{.is_linked = true};
    if (status != "SCAN_QR_CODE") co_return Pairing{};
    auto reading = call(channel, "GET", "/api/" + session_of(channel) + "/auth/qr?format=raw", nullptr, http);
    const Result<json::value> code = co_await std::move(reading);
    if (!code) co_return std::unexpected(code.error());
    co_return Pairing{.qr = JsonView(*code)["value"].text_or("")};
}

}  // namespace okno::gateway
