#include "messengers/viber/api.hpp"

#include <algorithm>

namespace okno::viber {

namespace json = boost::json;

namespace {

constexpr int tries_of_the_nameless = 4;
constexpr int too_many_requests = 429;
constexpr int server_errors = 500;

struct Answer {
    std::int64_t status = 0;
    std::string words;
    json::value whole;
};

// Empty: it is not of Viber's API.
std::optional<Answer> read_answer(const Result<HttpReply>& reply) {
    if (!reply) return std::nullopt;
    auto document = parse_json(reply->body);
    const auto status = document ? JsonView(*document)["status"].integer() : std::nullopt;
    if (!status) return std::nullopt;
    const std::string words = JsonView(*document)["status_message"].text_or("Viber gave no reason.");
    return Answer{*status, words, std::move(*document)};
}

std::string wordless(const HttpReply& reply) {
    return "Viber answered " + std::to_string(reply.status) + " without a reason.";
}

// What Viber said about charging: 1 is inside the session, 3 is charged; the number is kept.
std::string price_of(const JsonView& answer) {
    const auto billing = answer["billing_status"].integer();
    if (!billing || *billing == 0) return {};
    constexpr std::int64_t in_session = 1;
    constexpr std::int64_t free_outside = 2;
    constexpr std::int64_t charged = 3;
    json::value is_billable;
    if (*billing == in_session || *billing == free_outside) is_billable = false;
    if (*billing == charged) is_billable = true;
    return json::serialize(json::object{{"billable", is_billable},
                                        {"category", *billing == in_session ? "session" : "bot_initiated"},
                                        {"type", "billing_status_" + std::to_string(*billing)}});
}

SendOutcome outcome_of_refusal(const Answer& answer) {
    const KnownStatus& known = find_status(answer.status);
    Rejected rejected{known.word, answer.words};
    switch (known.reaction) {
        case Reaction::block: rejected.blocks_person = true; break;
        case Reaction::set_webhook:  // it was told already
        case Reaction::broken: rejected.about_channel = ChannelNotice::Kind::broken; break;
        case Reaction::warn: rejected.about_channel = ChannelNotice::Kind::warning; break;
        case Reaction::wait_person: return RetryLater{.after = 1min, .reason = answer.words, .growth = 2};
        case Reaction::few_tries: return RetryLater{.reason = answer.words, .max_tries = tries_of_the_nameless};
        case Reaction::refuse:
        case Reaction::simpler:
        case Reaction::newer: break;
    }
    return rejected;
}

SendOutcome outcome_of_silence(const HttpReply& reply) {
    if (reply.status == too_many_requests)
        return RetryLater{.after = 1min, .reason = wordless(reply), .scope = RetryScope::channel, .is_too_fast = true};
    constexpr int unavailable = 503;
    if (reply.status == unavailable) return RetryLater{.reason = wordless(reply), .scope = RetryScope::channel};
    if (reply.status >= server_errors || reply.status / 100 == 2) return Unanswered{wordless(reply)};
    return Rejected{"provider_" + std::to_string(reply.status), wordless(reply)};
}

}  // namespace

HttpRequest api_request(const Channel& channel, std::string_view method, const json::object& body) {
    std::string base = channel.setting("base_url");
    while (base.ends_with('/'))
        base.pop_back();
    HttpRequest request;
    request.method = "POST";
    request.url = (base.empty() ? "https://chatapi.viber.com" : base) + "/pa/" + std::string(method);
    request.headers.set("Content-Type", "application/json");
    request.headers.set("X-Viber-Auth-Token", channel.credential("auth_token").reveal());
    request.body = json::serialize(body);
    reach_through(request, channel);
    request.timeout = std::chrono::seconds{15};
    return request;
}

Result<json::value> answer_of(const Result<HttpReply>& reply) {
    if (!reply) return std::unexpected(reply.error());
    const auto answer = read_answer(reply);
    if (!answer) return fail(ErrorKind::unavailable, "provider_unavailable", wordless(*reply));
    if (answer->status == 0) return answer->whole;
    const KnownStatus& known = find_status(answer->status);
    const bool may_pass = known.reaction == Reaction::few_tries || known.reaction == Reaction::wait_person;
    return fail(may_pass ? ErrorKind::unavailable : ErrorKind::conflict, known.word, answer->words);
}

boost::asio::awaitable<Result<json::value>> call(Channel channel, std::string method, json::object body,
                                                 HttpTransport& http) {
    HttpRequest request = api_request(channel, method, body);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return answer_of(reply);
}

bool is_refused_as(const Result<HttpReply>& reply, Reaction reaction) {
    const auto answer = read_answer(reply);
    return answer && answer->status != 0 && find_status(answer->status).reaction == reaction;
}

SendOutcome outcome_of(const Result<HttpReply>& reply) {
    if (!reply) {
        if (reply.error().kind == ErrorKind::never_left)
            return RetryLater{.reason = reply.error().detail, .scope = RetryScope::channel};
        return Unanswered{reply.error().detail};
    }
    const auto answer = read_answer(reply);
    if (!answer) return outcome_of_silence(*reply);
    if (answer->status != 0) return outcome_of_refusal(*answer);
    const JsonView told(answer->whole);
    const std::string token = told["message_token"].text_or("");
    if (token.empty()) return Unanswered{"Viber took the message without naming it."};
    return Accepted{ProviderMessageId{token}, {}, price_of(told)};
}

}  // namespace okno::viber
