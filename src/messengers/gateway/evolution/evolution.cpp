#include "messengers/gateway/evolution/evolution.hpp"

#include "base/crypto.hpp"
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"

namespace okno::gateway::evolution {

namespace json = boost::json;

using enum Reaction;
using namespace std::chrono_literals;

static constexpr KnownRefusal table[] = {
    {400, 400, "\"exists\":false", gone, "no_whatsapp", 0s},
    {400, 400, "\"exists\": false", gone, "no_whatsapp", 0s},
    {400, 500, "Connection Closed", wait, "session_not_ready", 30s},
    {400, 400, "", refuse, "bad_request", 0s},
    {401, 401, "", broken, "token_broken", 0s},
    {403, 403, "", broken, "token_broken", 0s},
    {404, 404, "instance does not exist", broken, "session_missing", 0s},
    {404, 404, "", refuse, "bad_request", 0s},
    {413, 413, "", refuse, "file_too_large", 0s},
    {429, 429, "", slow_channel, "too_fast", 1s},
    {502, 504, "", wait, "provider_unavailable", 10s},
    {500, 599, "", retry, "provider_error", 0s},
};

std::span<const KnownRefusal> Evolution::refusals() const { return table; }

// It stands in the address of calls.
Result<void> Evolution::check_session(const std::string& session) const {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    if (session.size() <= 100 && session.find_first_not_of(allowed) == std::string::npos && !session.starts_with('.'))
        return {};
    return fail(ErrorKind::invalid, "invalid",
                "`session` is the instance's name in the gateway: letters, digits, -, _ and dots, at most 100.",
                "settings.session");
}

HttpRequest Evolution::request_of(const Channel& channel, const Call& call) const {
    HttpRequest request = plain_request(channel, call, base_of(channel) + call.path);
    request.headers.set("apikey", channel.credential("api_key").reveal());
    return request;
}

// A sentence, a list of them, or a list of numbers that have no WhatsApp.
std::string Evolution::reason_in(const JsonView& answer) const {
    const JsonView said = answer["response"]["message"].is_there() ? answer["response"]["message"] : answer["message"];
    JsonView first = said;
    for (int depth = 0; depth < 2 && first.size() > 0; ++depth)
        first = first.at(0);
    if (first["exists"].is_there()) return "There is no WhatsApp on " + first["number"].text_or("this number") + ".";
    const std::string words = first.text_or("");
    return words.empty() ? answer["error"].text_or("") : words;
}

std::string Evolution::proof_in(const WebhookRequest& request) const {
    return std::string(request.headers.get(proof_header));
}

bool Evolution::proves(const std::string& proof, const std::string&, const std::string& secret) const {
    return equal_in_constant_time(proof, secret);
}

bool Evolution::is_worded_here(const JsonView& body) const {
    return body["event"].is_there() && body["instance"].is_there() && body["data"].is_there();
}

std::string Evolution::number_in(const JsonView& body) const { return number_of_chat(body["sender"].text_or("")); }

Call Evolution::seen_call(const Address& person, const std::string& message, const Channel& channel) const {
    json::object key{{"remoteJid", chat_of(person, host)}, {"fromMe", false}, {"id", message}};
    json::array messages;
    messages.push_back(std::move(key));
    return {"POST", "/chat/markMessageAsRead/" + session_of(channel),
            json::object{{"readMessages", std::move(messages)}}};
}

// The answer comes when the typing ends.
Call Evolution::typing_call(const Address& person, const Channel& channel) const {
    constexpr int milliseconds = 3000;
    return {"POST", "/chat/sendPresence/" + session_of(channel),
            json::object{{"number", chat_of(person, host)}, {"presence", "composing"}, {"delay", milliseconds}}};
}

Call Evolution::restart_call(const Channel& channel) const {
    return {"POST", "/instance/restart/" + session_of(channel)};
}

}  // namespace okno::gateway::evolution
