// An instance of Evolution API: its webhook, its state, its number and its code (channels page of the gateway, sections
// 1, 5 and 8).
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/evolution/evolution.hpp"

#include <algorithm>
#include <array>

namespace okno::gateway::evolution {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 8> wanted_events{"MESSAGES_UPSERT", "MESSAGES_UPDATE",  "MESSAGES_EDITED",
                                                        "MESSAGES_DELETE", "SEND_MESSAGE",     "CALL",
                                                        "QRCODE_UPDATED",  "CONNECTION_UPDATE"};

std::string secret_of(const Channel& channel) { return channel.credential("verify_token").reveal(); }

bool is_ours(const std::string& url, const Channel& channel) { return url.ends_with("/hooks/" + channel.key); }

json::object our_webhook(const Channel& channel, const std::string& url) {
    return {
        {"enabled", true},   {"url", url},      {"headers", json::object{{proof_header, secret_of(channel)}}},
        {"byEvents", false}, {"base64", false}, {"events", json::array(wanted_events.begin(), wanted_events.end())}};
}

bool has_all_events(const JsonView& events) {
    return std::ranges::all_of(wanted_events, [&](std::string_view wanted) {
        for (std::size_t i = 0; i < events.size(); ++i)
            if (events.at(i).text_or("") == wanted) return true;
        return false;
    });
}

// An address for each event, and files within bodies, are ways that nothing here listens to.
bool is_set_up(const JsonView& webhook, const Channel& channel, const std::string& url) {
    for (const char* way : {"webhookByEvents", "webhookBase64"})
        if (webhook[way].boolean().value_or(false)) return false;
    return webhook["enabled"].boolean().value_or(false) && webhook["url"].text_or("") == url &&
           webhook["headers"][proof_header].text_or("") == secret_of(channel) && has_all_events(webhook["events"]);
}

boost::asio::awaitable<Result<json::value>> find_webhook(Channel channel, HttpTransport& http) {
    Call call{"GET", "/webhook/find/" + session_of(channel)};
    return perform(std::move(channel), std::move(call), http);
}

boost::asio::awaitable<Result<void>> set_webhook(json::object webhook, Channel channel, HttpTransport& http) {
    Call call{"POST", "/webhook/set/" + session_of(channel), json::object{{"webhook", std::move(webhook)}}};
    auto setting = perform(std::move(channel), std::move(call), http);
    const Result<json::value> set = co_await std::move(setting);
    if (!set) co_return std::unexpected(set.error());
    co_return Result<void>{};
}

boost::asio::awaitable<Result<void>> make_instance(Channel channel, std::string url, HttpTransport& http) {
    json::object body{{"instanceName", session_of(channel)},
                      {"integration", "WHATSAPP-BAILEYS"},
                      {"qrcode", true},
                      {"groupsIgnore", true},
                      {"webhook", our_webhook(channel, url)}};
    Call call{"POST", "/instance/create", std::move(body)};
    auto making = perform(std::move(channel), std::move(call), http);
    const Result<json::value> made = co_await std::move(making);
    if (!made) co_return std::unexpected(made.error());
    co_return Result<void>{};
}

// An instance calls one address. Another's is not taken away from it; ours of another time is.
boost::asio::awaitable<Result<void>> place_webhook(Channel channel, std::string url, HttpTransport& http) {
    auto finding = find_webhook(channel, http);
    const Result<json::value> found = co_await std::move(finding);
    if (!found && found.error().code == "session_missing") {
        auto making = make_instance(channel, url, http);
        co_return co_await std::move(making);
    }
    if (!found) co_return std::unexpected(found.error());
    const JsonView webhook(*found);
    const std::string called = webhook["url"].text_or("");
    if (webhook["enabled"].boolean().value_or(false) && !called.empty() && !is_ours(called, channel))
        co_return fail(ErrorKind::conflict, "webhook_taken",
                       "The instance tells its events to " + called +
                           ", and can tell them to one address only. Switch its webhook off in the gateway first.");
    if (is_set_up(webhook, channel, url)) co_return Result<void>{};
    auto setting = set_webhook(our_webhook(channel, url), channel, http);
    co_return co_await std::move(setting);
}

// The instance as the gateway lists it; null: it does not.
boost::asio::awaitable<Result<json::value>> listed_instance(Channel channel, HttpTransport& http) {
    const std::string name = session_of(channel);
    auto asking = perform(std::move(channel), {"GET", "/instance/fetchInstances?instanceName=" + name}, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    const JsonView list(*told);
    for (std::size_t i = 0; i < list.size(); ++i)
        if (list.at(i)["name"].text_or("") == name) co_return *list.at(i).raw();
    co_return json::value(nullptr);
}

}  // namespace

// 401 and 406: the phone unlinked it; 402: blocked for a while; 403: for good. After other codes it joins again by
// itself.
Session session_of_state(const std::string& state, std::int64_t code) {
    if (state == "open") return {SessionState::working, state, {}};
    if (state == "refused") return {SessionState::unlinked, state, {}};  // nobody scanned any of its codes
    if (state != "close") return {SessionState::starting, state, {}};
    const std::string word = code == 0 ? state : state + " " + std::to_string(code);
    if (code == 401 || code == 406) return {SessionState::unlinked, word, {}};
    if (code == 402) return {SessionState::limited, word, {}};
    if (code == 403) return {SessionState::blocked, word, {}};
    return {SessionState::failed, word, {}};
}

// An instance that no phone has ever linked waits for one, whatever it says of its connection.
boost::asio::awaitable<Result<Session>> Evolution::look(Channel channel, HttpTransport& http) const {
    auto asking = perform(channel, {"GET", "/instance/connectionState/" + session_of(channel)}, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    auto listing = listed_instance(channel, http);
    const Result<json::value> listed = co_await std::move(listing);
    if (!listed) co_return std::unexpected(listed.error());
    const JsonView instance(*listed);
    const std::string owner = instance["ownerJid"].text_or("");
    Session session = session_of_state(JsonView(*told)["instance"]["state"].text_or(""),
                                       instance["disconnectionReasonCode"].integer().value_or(0));
    session.number = number_of_chat(owner);
    const bool may_wait = session.state == SessionState::starting || session.state == SessionState::failed;
    if (owner.empty() && may_wait) session.state = SessionState::unlinked;
    co_return session;
}

boost::asio::awaitable<Result<Session>> Evolution::set_up(Channel channel, std::string webhook_url,
                                                          HttpTransport& http) const {
    auto placing = place_webhook(channel, std::move(webhook_url), http);
    const Result<void> placed = co_await std::move(placing);
    if (!placed) co_return std::unexpected(placed.error());
    auto looking = look(channel, http);
    co_return co_await std::move(looking);
}

boost::asio::awaitable<Result<void>> Evolution::take_down(Channel channel, HttpTransport& http) const {
    auto finding = find_webhook(channel, http);
    const Result<json::value> found = co_await std::move(finding);
    if (!found && found.error().code == "session_missing") co_return Result<void>{};
    if (!found) co_return std::unexpected(found.error());
    const std::string called = JsonView(*found)["url"].text_or("");
    if (!is_ours(called, channel)) co_return Result<void>{};
    auto setting = set_webhook({{"enabled", false}, {"url", called}, {"events", json::array()}}, channel, http);
    co_return co_await std::move(setting);
}

// Asking for the code is also what makes an instance show one.
boost::asio::awaitable<Result<Pairing>> Evolution::pairing(Channel channel, HttpTransport& http) const {
    auto looking = look(channel, http);
    const Result<Session> session = co_await std::move(looking);
    if (!session) co_return std::unexpected(session.error());
    if (session->state == SessionState::working) co_return Pairing{.is_linked = true};
    auto asking = perform(channel, {"GET", "/instance/connect/" + session_of(channel)}, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    co_return Pairing{.qr = JsonView(*told)["code"].text_or("")};
}

}  // namespace okno::gateway::evolution
