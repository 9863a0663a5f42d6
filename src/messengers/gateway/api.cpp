#include "messengers/gateway/api.hpp"

namespace okno::gateway {

namespace json = boost::json;

namespace {

constexpr int tries_of_lost_answers = 8;
constexpr int tries_after_restart = 3;
constexpr int tries_of_errors = 5;

std::string words_of(const Shape& shape, const HttpReply& reply) {
    if (const auto document = parse_json(reply.body))
        if (std::string said = shape.reason_in(JsonView(*document)); !said.empty()) return said;
    return "The gateway answered " + std::to_string(reply.status) + " without a reason.";
}

bool is_success(const HttpReply& reply) { return reply.status / 100 == 2; }

const KnownRefusal* refusal_of(const Shape& shape, const HttpReply& reply) {
    return find_refusal(shape.refusals(), reply.status, reply.body);
}

SendOutcome outcome_of_refusal(const Shape& shape, const HttpReply& reply) {
    const std::string words = words_of(shape, reply);
    const KnownRefusal* known = refusal_of(shape, reply);
    if (known == nullptr) return Rejected{"provider_" + std::to_string(reply.status), words};
    Rejected rejected{known->word, words};
    switch (known->reaction) {
        case Reaction::retry: return RetryLater{.reason = words, .max_tries = tries_of_errors};
        case Reaction::wait: return RetryLater{.after = known->after, .reason = words, .scope = RetryScope::channel};
        case Reaction::slow_channel:
            return RetryLater{
                .after = known->after, .reason = words, .scope = RetryScope::channel, .is_too_fast = true};
        case Reaction::restart:
            return RetryLater{
                .after = known->after, .reason = words, .scope = RetryScope::channel, .max_tries = tries_after_restart};
        case Reaction::refuse: break;
        case Reaction::gone: rejected.blocks_person = true; break;
        case Reaction::quota: rejected.about_channel = ChannelNotice::Kind::warning; break;
        case Reaction::broken: rejected.about_channel = ChannelNotice::Kind::broken; break;
    }
    return rejected;
}

bool is_final(Reaction reaction) {
    return reaction == Reaction::refuse || reaction == Reaction::broken || reaction == Reaction::gone ||
           reaction == Reaction::quota;
}

Result<json::value> document_of(const Shape& shape, const Result<HttpReply>& reply) {
    if (!reply) return std::unexpected(reply.error());
    if (is_success(*reply)) {
        if (reply->body.empty()) return json::value(nullptr);
        auto document = parse_json(reply->body);
        if (document) return document;
        return fail(ErrorKind::unavailable, "provider_unavailable", "The gateway answered what is no JSON.");
    }
    const KnownRefusal* known = refusal_of(shape, *reply);
    const std::string word = known != nullptr ? known->word : "provider_" + std::to_string(reply->status);
    const bool may_pass = known != nullptr && !is_final(known->reaction);
    return fail(may_pass ? ErrorKind::unavailable : ErrorKind::conflict, word, words_of(shape, *reply));
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

HttpRequest plain_request(const Channel& channel, const Call& call, std::string url) {
    HttpRequest request;
    request.method = call.method;
    request.url = std::move(url);
    if (!call.body.is_null()) {
        request.headers.set("Content-Type", "application/json");
        request.body = json::serialize(call.body);
    }
    reach_through(request, channel);
    request.timeout = std::chrono::seconds{10};
    return request;
}

boost::asio::awaitable<Result<json::value>> perform(Channel channel, Call call, HttpTransport& http) {
    const Shape& shape = shape_of(channel);
    HttpRequest request = shape.request_of(channel, call);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return document_of(shape, reply);
}

std::optional<Reaction> reaction_to(const Shape& shape, const Result<HttpReply>& reply) {
    if (!reply || is_success(*reply)) return std::nullopt;
    const KnownRefusal* known = refusal_of(shape, *reply);
    return known == nullptr ? std::nullopt : std::optional(known->reaction);
}

SendOutcome outcome_of(const Shape& shape, const Result<HttpReply>& reply, const std::string& prepared_id) {
    if (!reply && reply.error().kind == ErrorKind::never_left)
        return RetryLater{.reason = reply.error().detail, .scope = RetryScope::channel};
    const bool may_be_repeated = !prepared_id.empty();
    if (!reply && may_be_repeated)
        return RetryLater{.reason = reply.error().detail, .max_tries = tries_of_lost_answers};
    if (!reply) return Unanswered{reply.error().detail};
    if (!is_success(*reply)) {
        // A proxy gives up on a gateway that may be at work.
        const bool is_lost = reply->status == 502 || reply->status == 504;
        if (is_lost && !may_be_repeated) return Unanswered{words_of(shape, *reply)};
        return outcome_of_refusal(shape, *reply);
    }
    const auto document = parse_json(reply->body);
    const std::string told = document ? shape.id_in(JsonView(*document)) : std::string();
    return Accepted{ProviderMessageId{may_be_repeated ? prepared_id : told}};
}

boost::asio::awaitable<Result<void>> bring(HttpRequest request, std::string save_to, HttpTransport& http) {
    request.save_to = std::move(save_to);
    request.max_reply_bytes = 100 << 20;
    request.timeout = std::chrono::minutes{10};
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    if (!reply) co_return std::unexpected(reply.error());
    if (reply->status == 200) co_return Result<void>{};
    if (reply->status == 403 || reply->status == 404 || reply->status == 410)
        co_return fail(ErrorKind::conflict, "media_gone", "The gateway no longer has this file. Ask for it again.");
    co_return fail(ErrorKind::unavailable, "provider_unavailable",
                   "The gateway answered " + std::to_string(reply->status) + " instead of the file.");
}

}  // namespace okno::gateway
