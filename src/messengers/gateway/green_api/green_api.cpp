#include "messengers/gateway/green_api/green_api.hpp"

#include "base/crypto.hpp"
#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"

#include <algorithm>

namespace okno::gateway::green_api {

namespace json = boost::json;

using enum Reaction;
using namespace std::chrono_literals;

static constexpr KnownRefusal table[] = {
    {400, 400, "not authorized", wait, "session_not_ready", 30s},
    {400, 400, "starting process", wait, "session_not_ready", 10s},
    {400, 400, "", refuse, "bad_request", 0s},
    {401, 401, "", broken, "token_broken", 0s},
    {403, 403, "", broken, "token_broken", 0s},
    {466, 466, "", quota, "quota_exceeded", 0s},
    {400, 499, "chat limit on your tariff", quota, "quota_exceeded", 0s},
    {413, 413, "", refuse, "file_too_large", 0s},
    {429, 429, "", slow_channel, "too_fast", 1s},
    {502, 504, "", wait, "provider_unavailable", 10s},
    {500, 599, "", retry, "provider_error", 0s},
};

std::span<const KnownRefusal> GreenApi::refusals() const { return table; }

Result<void> GreenApi::check_session(const std::string& session) const {
    if (!session.empty() && session.size() <= 20 && session.find_first_not_of("0123456789") == std::string::npos)
        return {};
    return fail(ErrorKind::invalid, session.empty() ? "missing_field" : "invalid",
                "`session` is the idInstance of the instance: digits, as its cabinet shows them.", "settings.session");
}

// The key is in the address: "/waInstance<id>/<method>/<key>?<query>".
HttpRequest GreenApi::request_of(const Channel& channel, const Call& call) const {
    const std::size_t query = std::min(call.path.find('?'), call.path.size());
    return plain_request(channel, call,
                         base_of(channel) + "/waInstance" + session_of(channel) + "/" + call.path.substr(0, query) +
                             "/" + channel.credential("api_key").reveal() + call.path.substr(query));
}

std::string GreenApi::reason_in(const JsonView& answer) const {
    for (const JsonView& place : {answer["message"], answer["correspondentsStatus"]["description"],
                                  answer["invokeStatus"]["description"], answer["description"]})
        if (std::string said = place.text_or(""); !said.empty()) return said;
    return {};
}

static constexpr std::string_view scheme = "Bearer ";

std::string GreenApi::proof_in(const WebhookRequest& request) const {
    return std::string(request.headers.get("Authorization"));
}

bool GreenApi::proves(const std::string& proof, const std::string&, const std::string& secret) const {
    return equal_in_constant_time(proof, std::string(scheme) + secret);
}

Call GreenApi::seen_call(const Address& person, const std::string& message, const Channel&) const {
    return {"POST", "readChat", json::object{{"chatId", chat_of(person)}, {"idMessage", message}}};
}

Call GreenApi::typing_call(const Address& person, const Channel&) const {
    constexpr int milliseconds = 5000;
    return {"POST", "sendTyping", json::object{{"chatId", chat_of(person)}, {"typingTime", milliseconds}}};
}

}  // namespace okno::gateway::green_api
