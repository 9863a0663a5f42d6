#include "messengers/gateway/api.hpp"

#include "messengers/gateway/address.hpp"

namespace okno::gateway {

namespace json = boost::json;

namespace {

constexpr int tries_of_lost_answers = 8;
constexpr int tries_after_restart = 3;
constexpr int tries_of_errors = 5;

std::string words_of(const HttpReply& reply) {
    const auto document = parse_json(reply.body);
    if (document) {
        const JsonView answer(*document);
        for (const JsonView& place : {answer["message"], answer["error"], answer["exception"]["message"]}) {
            if (place.raw() != nullptr && place.raw()->is_string()) return place.text_or("");
            if (place.size() > 0) return place.at(0).text_or("");
        }
    }
    return "The gateway answered " + std::to_string(reply.status) + " without a reason.";
}

bool is_success(const HttpReply& reply) { return reply.status / 100 == 2; }

// Engines wrap it differently.
std::string id_in(const JsonView& answer) {
    for (const JsonView& place : {answer["id"], answer["id"]["_serialized"], answer["key"]["id"], answer["_data"]["id"],
                                  answer["_data"]["id"]["_serialized"]})
        if (const auto text = place.text()) return bare_id(*text);
    return {};
}

SendOutcome outcome_of_refusal(const HttpReply& reply) {
    const std::string words = words_of(reply);
    const KnownRefusal* known = find_refusal(reply.status, reply.body);
    if (known == nullptr) return Rejected{"provider_" + std::to_string(reply.status), words};
    switch (known->reaction) {
        case Reaction::retry: return RetryLater{.reason = words, .max_tries = tries_of_errors};
        case Reaction::wait: return RetryLater{.after = known->after, .reason = words, .scope = RetryScope::channel};
        case Reaction::slow_channel:
            return RetryLater{
                .after = known->after, .reason = words, .scope = RetryScope::channel, .is_too_fast = true};
        case Reaction::restart:
            return RetryLater{
                .after = known->after, .reason = words, .scope = RetryScope::channel, .max_tries = tries_after_restart};
        case Reaction::refuse: return Rejected{known->word, words};
        case Reaction::broken: break;
    }
    Rejected rejected{known->word, words};
    rejected.about_channel = ChannelNotice::Kind::broken;
    return rejected;
}

}  // namespace

std::string session_of(const Channel& channel) {
    const std::string name = channel.setting("session");
    return name.empty() ? "default" : name;
}

std::string base_of(const Channel& channel) {
    std::string base = channel.setting("base_url");
    while (base.ends_with('/'))
        base.pop_back();
    return base;
}

HttpRequest api_request(const Channel& channel, std::string method, const std::string& path, const json::value& body) {
    HttpRequest request;
    request.method = std::move(method);
    request.url = base_of(channel) + path;
    request.headers.set("X-Api-Key", channel.credential("api_key").reveal());
    if (!body.is_null()) {
        request.headers.set("Content-Type", "application/json");
        request.body = json::serialize(body);
    }
    reach_through(request, channel);
    request.timeout = std::chrono::seconds{10};
    return request;
}

Result<json::value> document_of(const Result<HttpReply>& reply) {
    if (!reply) return std::unexpected(reply.error());
    if (is_success(*reply)) {
        if (reply->body.empty()) return json::value(nullptr);
        auto document = parse_json(reply->body);
        if (document) return document;
        return fail(ErrorKind::unavailable, "provider_unavailable", "The gateway answered what is no JSON.");
    }
    const KnownRefusal* known = find_refusal(reply->status, reply->body);
    const bool is_final =
        known != nullptr && (known->reaction == Reaction::refuse || known->reaction == Reaction::broken);
    const std::string word = known != nullptr ? known->word : "provider_" + std::to_string(reply->status);
    return fail(is_final || known == nullptr ? ErrorKind::conflict : ErrorKind::unavailable, word, words_of(*reply));
}

boost::asio::awaitable<Result<json::value>> call(Channel channel, std::string method, std::string path,
                                                 json::value body, HttpTransport& http) {
    HttpRequest request = api_request(channel, std::move(method), path, body);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return document_of(reply);
}

std::optional<Reaction> reaction_to(const Result<HttpReply>& reply) {
    if (!reply || is_success(*reply)) return std::nullopt;
    const KnownRefusal* known = find_refusal(reply->status, reply->body);
    return known == nullptr ? std::nullopt : std::optional(known->reaction);
}

SendOutcome outcome_of(const Result<HttpReply>& reply, const std::string& prepared_id) {
    if (!reply && reply.error().kind == ErrorKind::never_left)
        return RetryLater{.reason = reply.error().detail, .scope = RetryScope::channel};
    const bool may_be_repeated = !prepared_id.empty();
    if (!reply && may_be_repeated)
        return RetryLater{.reason = reply.error().detail, .max_tries = tries_of_lost_answers};
    if (!reply) return Unanswered{reply.error().detail};
    if (!is_success(*reply)) {
        // A proxy gives up on a gateway that may be at work.
        const bool is_lost = reply->status == 502 || reply->status == 504;
        if (is_lost && !may_be_repeated) return Unanswered{words_of(*reply)};
        return outcome_of_refusal(*reply);
    }
    const auto document = parse_json(reply->body);
    const std::string told = document ? id_in(JsonView(*document)) : std::string();
    return Accepted{ProviderMessageId{may_be_repeated ? prepared_id : told}};
}

}  // namespace okno::gateway
