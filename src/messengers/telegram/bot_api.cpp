#include "messengers/telegram/bot_api.hpp"

#include <algorithm>
#include <charconv>

namespace okno::telegram {

namespace json = boost::json;

namespace {

std::string base_of(const Channel& channel) {
    std::string base = channel.setting("base_url");
    while (base.ends_with('/'))
        base.pop_back();
    return base.empty() ? "https://api.telegram.org" : base;
}

HttpRequest request_to(const Channel& channel, const std::string& door, std::string_view place,
                       std::chrono::milliseconds timeout) {
    HttpRequest request;
    request.method = "POST";
    request.url = base_of(channel) + door + channel.credential("bot_token").reveal() + "/" + std::string(place);
    reach_through(request, channel);
    request.timeout = timeout;
    return request;
}

// What Telegram, or something between us and it, said. `ok` is empty when that was no answer of the Bot API.
struct Answer {
    std::optional<bool> ok;
    json::value result;
    Refusal refusal;
};

// Longer than a message waits anyway.
constexpr std::int64_t longest_wait = std::int64_t{24} * 3600;

std::chrono::seconds pause_in(const HttpReply& reply, const JsonView& parameters) {
    std::int64_t seconds = 0;
    const std::string_view header = reply.headers.get("Retry-After");
    std::from_chars(header.data(), header.data() + header.size(), seconds);
    seconds = parameters["retry_after"].integer().value_or(seconds);
    return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, longest_wait));
}

Answer read_answer(const HttpReply& reply) {
    const auto document = parse_json(reply.body);
    const json::value none;
    const JsonView view(document ? *document : none);
    Answer out;
    out.ok = view["ok"].boolean();
    out.refusal.code = reply.status;
    out.refusal.words = "Telegram answered " + std::to_string(reply.status) + " without a reason.";
    out.refusal.retry_after = pause_in(reply, view["parameters"]);
    if (!out.ok) return out;
    out.refusal.code = static_cast<int>(view["error_code"].integer().value_or(reply.status));
    out.refusal.words = view["description"].text_or(out.refusal.words);
    if (view["result"].raw() != nullptr) out.result = *view["result"].raw();
    return out;
}

// 4xx without words of the Bot API took nothing either; after another such answer the message may be on its way.
bool is_refused(const Answer& answer) {
    constexpr int first = 400;
    constexpr int behind = 500;
    if (answer.ok) return !*answer.ok;
    return answer.refusal.code >= first && answer.refusal.code < behind;
}

SendOutcome outcome_of_refusal(const Refusal& refusal) {
    const KnownError* known = find_error(refusal.code, refusal.words);
    if (known == nullptr) return Rejected{"provider_" + std::to_string(refusal.code), refusal.words};
    Rejected rejected{known->word, refusal.words};
    switch (known->reaction) {
        case Reaction::wait:
            return RetryLater{.after = refusal.retry_after,
                              .reason = refusal.words,
                              .scope = RetryScope::channel,
                              .is_too_fast = true};
        case Reaction::retry: return RetryLater{.reason = refusal.words};
        case Reaction::done: return Accepted{};
        case Reaction::block: rejected.blocks_person = true; break;
        case Reaction::window: rejected.closes_window = true; break;
        case Reaction::broken: rejected.about_channel = ChannelNotice::Kind::broken; break;
        case Reaction::warn: rejected.about_channel = ChannelNotice::Kind::warning; break;
        case Reaction::as_document:
        case Reaction::no_reply:
        case Reaction::refuse: break;
    }
    return rejected;
}

}  // namespace

HttpRequest bot_request(const Channel& channel, std::string_view method, const json::object& parameters) {
    HttpRequest request = request_to(channel, "/bot", method, std::chrono::seconds(15));
    request.headers.set("Content-Type", "application/json");
    request.body = json::serialize(parameters);
    return request;
}

HttpRequest bot_upload(const Channel& channel, std::string_view method, const json::object& parameters,
                       std::string_view field, const OutboundFile& file) {
    HttpRequest request = request_to(channel, "/bot", method, std::chrono::minutes(5));
    for (const auto& [key, value] : parameters)
        request.form.push_back({.name = std::string(key),
                                .value = value.is_string() ? std::string(value.get_string()) : json::serialize(value),
                                .file = {},
                                .file_name = {},
                                .mime = {}});
    request.form.push_back({.name = std::string(field),
                            .value = {},
                            .file = file.path,
                            .file_name = file.name.empty() ? "file" : file.name,
                            .mime = file.mime});
    return request;
}

HttpRequest file_request(const Channel& channel, const std::string& file_path) {
    HttpRequest request = request_to(channel, "/file/bot", file_path, std::chrono::minutes(10));
    request.method = "GET";
    return request;
}

std::optional<Refusal> refusal_of(const Result<HttpReply>& reply) {
    if (!reply) return std::nullopt;
    const Answer answer = read_answer(*reply);
    return is_refused(answer) ? std::optional(answer.refusal) : std::nullopt;
}

Result<json::value> result_of(const Result<HttpReply>& reply) {
    if (!reply) return std::unexpected(reply.error());
    const Answer answer = read_answer(*reply);
    if (answer.ok.value_or(false)) return answer.result;
    if (!is_refused(answer)) return fail(ErrorKind::unavailable, "provider_unavailable", answer.refusal.words);
    const KnownError* known = find_error(answer.refusal.code, answer.refusal.words);
    const bool may_pass = known != nullptr && (known->reaction == Reaction::wait || known->reaction == Reaction::retry);
    const std::string word = known != nullptr ? known->word : "provider_" + std::to_string(answer.refusal.code);
    return fail(may_pass ? ErrorKind::unavailable : ErrorKind::conflict, word, answer.refusal.words);
}

boost::asio::awaitable<Result<json::value>> ask(Channel channel, std::string method, json::object parameters,
                                                HttpTransport& http) {
    HttpRequest request = bot_request(channel, method, parameters);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return result_of(reply);
}

std::optional<Reaction> reaction_to(const Result<HttpReply>& reply) {
    const auto refusal = refusal_of(reply);
    const KnownError* known = refusal ? find_error(refusal->code, refusal->words) : nullptr;
    return known == nullptr ? std::nullopt : std::optional(known->reaction);
}

SendOutcome outcome_of(const Result<HttpReply>& reply, const std::string& prefix) {
    if (!reply && reply.error().kind == ErrorKind::never_left)
        return RetryLater{.reason = reply.error().detail, .scope = RetryScope::channel};
    if (!reply) return Unanswered{reply.error().detail};  // there is no key under which it could be repeated
    const Answer answer = read_answer(*reply);
    if (is_refused(answer)) return outcome_of_refusal(answer.refusal);
    if (!answer.ok) return Unanswered{answer.refusal.words};
    if (answer.result.is_bool()) return Accepted{};  // a reaction: nothing was written
    const auto id = JsonView(answer.result)["message_id"].text();
    if (!id) return Unanswered{"Telegram took the message without naming it."};
    return Accepted{ProviderMessageId{prefix + *id}};
}

}  // namespace okno::telegram
