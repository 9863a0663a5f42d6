#include "messengers/gateway/waha/waha.hpp"

#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/waha/ids.hpp"
#include "messengers/gateway/waha/signature.hpp"

namespace okno::gateway::waha {

namespace json = boost::json;

using enum Reaction;
using namespace std::chrono_literals;

static constexpr KnownRefusal table[] = {
    {400, 400, "", refuse, "bad_request", 0s},
    {401, 401, "", broken, "token_broken", 0s},
    {403, 403, "", broken, "token_broken", 0s},
    {404, 404, "ession", broken, "session_missing", 0s},
    {404, 404, "", refuse, "bad_request", 0s},
    {413, 413, "", refuse, "file_too_large", 0s},
    {422, 422, "ession status", wait, "session_not_ready", 30s},
    {422, 422, "\"expected\"", wait, "session_not_ready", 30s},
    {422, 422, "does not exist", broken, "session_missing", 0s},
    {422, 422, "", refuse, "type_not_supported", 0s},
    {429, 429, "", slow_channel, "too_fast", 1s},
    {500, 500, "Evaluation failed", restart, "engine_failed", 30s},
    {500, 500, "Protocol error", restart, "engine_failed", 30s},
    {500, 500, "Target closed", restart, "engine_failed", 30s},
    {502, 504, "", wait, "provider_unavailable", 10s},
    {500, 599, "", retry, "provider_error", 0s},
};

std::span<const KnownRefusal> Waha::refusals() const { return table; }

// It stands in the address of calls.
Result<void> Waha::check_session(const std::string& session) const {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (session.size() <= 54 && session.find_first_not_of(allowed) == std::string::npos) return {};
    return fail(ErrorKind::invalid, "invalid",
                "`session` is the session's name in the gateway: letters, digits, - and _, at most 54.",
                "settings.session");
}

HttpRequest Waha::request_of(const Channel& channel, const Call& call) const {
    HttpRequest request = plain_request(channel, call, base_of(channel) + call.path);
    request.headers.set("X-Api-Key", channel.credential("api_key").reveal());
    return request;
}

std::string Waha::reason_in(const JsonView& answer) const {
    for (const JsonView& place : {answer["message"], answer["error"], answer["exception"]["message"]}) {
        if (place.raw() != nullptr && place.raw()->is_string()) return place.text_or("");
        if (place.size() > 0) return place.at(0).text_or("");
    }
    return {};
}

std::string Waha::proof_in(const WebhookRequest& request) const {
    return std::string(request.headers.get("X-Webhook-Hmac"));
}

bool Waha::proves(const std::string& proof, const std::string& body, const std::string& secret) const {
    return is_signed(secret, body, proof);
}

// Engines wrap it differently.
std::string Waha::id_in(const JsonView& answer) const {
    for (const JsonView& place : {answer["id"], answer["id"]["_serialized"], answer["key"]["id"], answer["_data"]["id"],
                                  answer["_data"]["id"]["_serialized"]})
        if (const auto text = place.text()) return bare_id(*text);
    return {};
}

Call Waha::seen_call(const Address& person, const std::string& message, const Channel& channel) const {
    const std::string chat = chat_of(person);
    return {"POST", "/api/sendSeen",
            json::object{{"session", session_of(channel)},
                         {"chatId", chat},
                         {"messageIds", json::array{json::string(full_id(chat, message))}}}};
}

Call Waha::typing_call(const Address& person, const Channel& channel) const {
    return {"POST", "/api/startTyping", json::object{{"session", session_of(channel)}, {"chatId", chat_of(person)}}};
}

Call Waha::restart_call(const Channel& channel) const {
    return {"POST", "/api/sessions/" + session_of(channel) + "/restart"};
}

boost::asio::awaitable<std::optional<Address>> Waha::phone_of(Address hidden, Channel channel,
                                                              HttpTransport& http) const {
    auto asking = perform(channel, {"GET", "/api/" + session_of(channel) + "/lids/" + chat_of(hidden)}, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::nullopt;
    co_return address_of_chat(JsonView(*told)["pn"].text_or(""));
}

}  // namespace okno::gateway::waha
