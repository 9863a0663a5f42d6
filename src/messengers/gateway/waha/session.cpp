// A session of WAHA: its webhook, its state, its number, and the code to link it (channels page of the gateway,
// sections 1, 5 and 8).
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/waha/waha.hpp"

#include <algorithm>
#include <array>

namespace okno::gateway::waha {

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

Session session_in(const JsonView& session) {
    const std::string word = session["status"].text_or("");
    return {state_of(word), word, number_of_chat(session["me"]["id"].text_or(""))};
}

boost::asio::awaitable<Result<json::value>> ask(Channel channel, HttpTransport& http) {
    return perform(channel, {"GET", path_of(channel)}, http);
}

}  // namespace

SessionState state_of(std::string_view word) {
    if (word == "WORKING") return SessionState::working;
    if (word == "SCAN_QR_CODE") return SessionState::unlinked;
    if (word.starts_with("PASSKEY_")) return SessionState::passkey;
    if (word == "STOPPED") return SessionState::stopped;
    if (word == "FAILED") return SessionState::failed;
    return SessionState::starting;
}

boost::asio::awaitable<Result<Session>> Waha::look(Channel channel, HttpTransport& http) const {
    auto asking = ask(std::move(channel), http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    co_return session_in(JsonView(*told));
}

boost::asio::awaitable<Result<Session>> Waha::set_up(Channel channel, std::string webhook_url,
                                                     HttpTransport& http) const {
    auto asking = ask(channel, http);
    const Result<json::value> told = co_await std::move(asking);
    if (told && is_set_up(JsonView(*told), channel, webhook_url)) co_return session_in(JsonView(*told));
    if (!told && told.error().code != "session_missing") co_return std::unexpected(told.error());
    const json::value none = json::object{};
    const JsonView session(told ? *told : none);
    json::object body{{"name", session_of(channel)}, {"config", config_with(session, channel, webhook_url)}};
    if (!told) body["start"] = true;
    Call call{told ? "PUT" : "POST", told ? path_of(channel) : "/api/sessions", json::value(std::move(body))};
    auto setting = perform(channel, std::move(call), http);
    const Result<json::value> set = co_await std::move(setting);
    if (!set) co_return std::unexpected(set.error());
    auto looking = look(channel, http);
    co_return co_await std::move(looking);
}

boost::asio::awaitable<Result<void>> Waha::take_down(Channel channel, HttpTransport& http) const {
    auto asking = ask(channel, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told && told.error().code == "session_missing") co_return Result<void>{};
    if (!told) co_return std::unexpected(told.error());
    json::object body{{"config", config_with(JsonView(*told), channel, "")}};
    auto setting = perform(channel, {"PUT", path_of(channel), json::value(std::move(body))}, http);
    const Result<json::value> set = co_await std::move(setting);
    if (!set) co_return std::unexpected(set.error());
    co_return Result<void>{};
}

boost::asio::awaitable<Result<Pairing>> Waha::pairing(Channel channel, HttpTransport& http) const {
    auto looking = look(channel, http);
    const Result<Session> session = co_await std::move(looking);
    if (!session) co_return std::unexpected(session.error());
    if (session->state == SessionState::working) co_return Pairing{.is_linked = true};
    if (session->state != SessionState::unlinked) co_return Pairing{};
    auto reading = perform(channel, {"GET", "/api/" + session_of(channel) + "/auth/qr?format=raw"}, http);
    const Result<json::value> code = co_await std::move(reading);
    if (!code) co_return std::unexpected(code.error());
    co_return Pairing{.qr = JsonView(*code)["value"].text_or("")};
}

}  // namespace okno::gateway::waha
