// An instance of Green-API: its settings, its state, its code, its journals and files (channels page of the gateway,
// sections 1, 3, 5 and 8).
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/green_api/green_api.hpp"

#include <algorithm>
#include <array>

namespace okno::gateway::green_api {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 8> wanted{
    "incomingWebhook", "outgoingWebhook",     "outgoingMessageWebhook", "outgoingAPIMessageWebhook",
    "stateWebhook",    "incomingCallWebhook", "editedMessageWebhook",   "deletedMessageWebhook"};

std::string secret_of(const Channel& channel) { return channel.credential("verify_token").reveal(); }

bool is_ours(const std::string& url, const Channel& channel) { return url.ends_with("/hooks/" + channel.key); }

bool is_set_up(const JsonView& settings, const Channel& channel, const std::string& url) {
    return settings["webhookUrl"].text_or("") == url && settings["webhookUrlToken"].text_or("") == secret_of(channel) &&
           std::ranges::all_of(wanted, [&](std::string_view one) { return settings[one].text_or("") == "yes"; });
}

json::object our_settings(const Channel& channel, const std::string& url) {
    json::object out{{"webhookUrl", url}, {"webhookUrlToken", secret_of(channel)}};
    for (const std::string_view one : wanted)
        out[one] = "yes";
    return out;
}

boost::asio::awaitable<Result<Session>> session_beside(std::string number, Channel channel, HttpTransport& http) {
    auto asking = perform(std::move(channel), {"GET", "getStateInstance"}, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    const std::string word = JsonView(*told)["stateInstance"].text_or("");
    co_return Session{state_of(word), word, std::move(number)};
}

std::string owner_in(const JsonView& settings) { return number_of_chat(settings["wid"].text_or("")); }

// Whole minutes back to `since`; the journals are asked for the last day at most.
std::int64_t minutes_since(Timestamp since, Timestamp now) {
    constexpr std::int64_t most = 24 * 60;
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(now - since).count();
    return std::clamp<std::int64_t>(minutes + 1, 1, most);
}

boost::asio::awaitable<Result<json::value>> journal(std::string name, std::int64_t minutes, Channel channel,
                                                    HttpTransport& http) {
    Call call{"GET", name + "?minutes=" + std::to_string(minutes)};
    return perform(std::move(channel), std::move(call), http);
}

// Where the file of a message is now.
boost::asio::awaitable<Result<std::string>> new_address_of(FileName name, Channel channel, HttpTransport& http) {
    Call call{"POST", "downloadFile", json::object{{"chatId", name.chat}, {"idMessage", name.id}}};
    auto asking = perform(std::move(channel), std::move(call), http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    const std::string url = JsonView(*told)["downloadUrl"].text_or("");
    if (url.empty()) co_return fail(ErrorKind::conflict, "media_gone", "Green-API no longer has this file.");
    co_return url;
}

// Files lie in a store of the service, open to whoever knows the address: the key stays here.
Result<HttpRequest> request_for(const Channel& channel, const std::string& url) {
    if (url.starts_with("https://") || url.starts_with(base_of(channel) + "/"))
        return plain_request(channel, {"GET", {}}, url);
    return fail(ErrorKind::conflict, "foreign_host", "The gateway names an address from which nothing is fetched.");
}

}  // namespace

SessionState state_of(std::string_view word) {
    if (word == "authorized") return SessionState::working;
    if (word == "notAuthorized") return SessionState::unlinked;
    if (word == "sleepMode") return SessionState::asleep;
    if (word == "yellowCard" || word == "suspended") return SessionState::limited;
    if (word == "blocked") return SessionState::blocked;
    return SessionState::starting;
}

boost::asio::awaitable<Result<Session>> GreenApi::look(Channel channel, HttpTransport& http) const {
    auto asking = perform(channel, {"GET", "getSettings"}, http);
    const Result<json::value> settings = co_await std::move(asking);
    if (!settings) co_return std::unexpected(settings.error());
    auto looking = session_beside(owner_in(JsonView(*settings)), channel, http);
    co_return co_await std::move(looking);
}

// An instance calls one address. Another's is not taken away from it; ours of another time is.
boost::asio::awaitable<Result<Session>> GreenApi::set_up(Channel channel, std::string webhook_url,
                                                         HttpTransport& http) const {
    auto asking = perform(channel, {"GET", "getSettings"}, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    const JsonView settings(*told);
    const std::string called = settings["webhookUrl"].text_or("");
    if (!called.empty() && !is_ours(called, channel))
        co_return fail(ErrorKind::conflict, "webhook_taken",
                       "The instance tells its events to " + called +
                           ", and can tell them to one address only. Empty its webhook URL in the cabinet first.");
    if (!is_set_up(settings, channel, webhook_url)) {
        Call call{"POST", "setSettings", our_settings(channel, webhook_url)};
        auto setting = perform(channel, std::move(call), http);
        const Result<json::value> set = co_await std::move(setting);
        if (!set) co_return std::unexpected(set.error());
    }
    auto looking = session_beside(owner_in(settings), channel, http);
    co_return co_await std::move(looking);
}

boost::asio::awaitable<Result<void>> GreenApi::take_down(Channel channel, HttpTransport& http) const {
    auto asking = perform(channel, {"GET", "getSettings"}, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    if (!is_ours(JsonView(*told)["webhookUrl"].text_or(""), channel)) co_return Result<void>{};
    Call call{"POST", "setSettings", json::object{{"webhookUrl", ""}, {"webhookUrlToken", ""}}};
    auto setting = perform(channel, std::move(call), http);
    const Result<json::value> set = co_await std::move(setting);
    if (!set) co_return std::unexpected(set.error());
    co_return Result<void>{};
}

// It draws the code itself.
boost::asio::awaitable<Result<Pairing>> GreenApi::pairing(Channel channel, HttpTransport& http) const {
    auto asking = perform(channel, {"GET", "qr"}, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    const JsonView answer(*told);
    const std::string type = answer["type"].text_or("");
    if (type == "alreadyLogged") co_return Pairing{.is_linked = true};
    if (type != "qrCode") co_return Pairing{};
    const std::string drawn = answer["message"].text_or("");
    co_return Pairing{.qr = drawn.empty() ? drawn : "data:image/png;base64," + drawn};
}

boost::asio::awaitable<Result<std::vector<json::value>>> GreenApi::history_since(Channel channel, Timestamp since,
                                                                                 HttpTransport& http) const {
    const std::int64_t minutes = minutes_since(since, Clock::real_now());
    const std::int64_t first = std::chrono::floor<std::chrono::seconds>(since).time_since_epoch().count();
    std::vector<json::value> out;
    for (const char* name : {"lastIncomingMessages", "lastOutgoingMessages"}) {
        auto asking = journal(name, minutes, channel, http);
        const Result<json::value> told = co_await std::move(asking);
        if (!told) co_return std::unexpected(told.error());
        const JsonView messages(*told);
        for (std::size_t i = messages.size(); i > 0; --i)  // newest first, and the seconds alone are told
            if (const JsonView one = messages.at(i - 1); one["timestamp"].integer().value_or(0) >= first)
                out.push_back(*one.raw());
    }
    std::ranges::stable_sort(
        out, {}, [](const json::value& message) { return JsonView(message)["timestamp"].integer().value_or(0); });
    co_return out;
}

boost::asio::awaitable<Result<void>> GreenApi::fetch(Media media, Channel channel, std::string save_to,
                                                     HttpTransport& http) const {
    const FileName name = read_file_name(media.provider_id);
    if (!name.url.empty()) {
        Result<HttpRequest> request = request_for(channel, name.url);
        if (!request) co_return std::unexpected(request.error());
        auto bringing = bring(std::move(*request), save_to, http);
        const Result<void> brought = co_await std::move(bringing);
        if (brought || brought.error().code != "media_gone" || name.id.empty()) co_return brought;
    }
    if (name.id.empty()) co_return fail(ErrorKind::conflict, "media_gone", "The gateway told no address of this file.");
    auto asking = new_address_of(name, channel, http);
    const Result<std::string> found = co_await std::move(asking);
    if (!found) co_return std::unexpected(found.error());
    Result<HttpRequest> again = request_for(channel, *found);
    if (!again) co_return std::unexpected(again.error());
    auto bringing = bring(std::move(*again), save_to, http);
    co_return co_await std::move(bringing);
}

}  // namespace okno::gateway::green_api
