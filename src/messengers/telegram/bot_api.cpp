#include "messengers/telegram/bot_api.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace okno::telegram {

namespace json = boost::json;

static std::string base_of(const Channel& channel) {
    std::string base = channel.setting("base_url");
    while (base.ends_with('/'))
        base.pop_back();
    return base.empty() ? "https://api.telegram.org" : base;
}

static HttpRequest request_to(const Channel& channel, std::string url, std::chrono::milliseconds timeout) {
    HttpRequest request;
    request.method = "POST";
    request.url = std::move(url);
    reach_through(request, channel);
    request.timeout = timeout;
    return request;
}

static std::string address_of(const Channel& channel, std::string_view method) {
    return base_of(channel) + "/bot" + channel.credential("bot_token").reveal() + "/" + std::string(method);
}

HttpRequest bot_request(const Channel& channel, std::string_view method, const json::object& body) {
    HttpRequest request = request_to(channel, address_of(channel, method), std::chrono::seconds(15));
    request.headers.set("Content-Type", "application/json");
    request.body = json::serialize(body);
    return request;
}

HttpRequest bot_upload(const Channel& channel, std::string_view method, const json::object& body,
                       std::string_view field, const OutboundFile& file) {
    HttpRequest request = request_to(channel, address_of(channel, method), std::chrono::minutes(5));
    for (const auto& [key, value] : body)
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
    HttpRequest request =
        request_to(channel, base_of(channel) + "/file/bot" + channel.credential("bot_token").reveal() + "/" + file_path,
                   std::chrono::minutes(10));
    request.method = "GET";
    return request;
}

namespace {

enum class Reaction { refuse, block, broken };

struct KnownError {
    int code;
    std::string_view begin;  // of the description, without case
    Reaction reaction;
    std::string_view word;
};

// Section 10, the specific ones first. What is not here is refused for good with the Bot API's own words.
constexpr std::array known_errors{
    KnownError{401, "", Reaction::broken, "token_invalid"},
    KnownError{404, "not found: method not found", Reaction::refuse, "method_unknown"},
    KnownError{404, "", Reaction::broken, "token_invalid"},
    KnownError{421, "", Reaction::broken, "wrong_server"},
    KnownError{403, "forbidden: bot was blocked by the user", Reaction::block, "person_blocked"},
    KnownError{403, "forbidden: user is deactivated", Reaction::block, "person_gone"},
    KnownError{403, "forbidden: bot can't initiate", Reaction::block, "person_never_started"},
    KnownError{403, "forbidden: bot can't send messages to bots", Reaction::refuse, "person_is_bot"},
    KnownError{403, "", Reaction::block, "person_unreachable"},
    KnownError{400, "bad request: chat not found", Reaction::block, "person_gone"},
    KnownError{400, "bad request: private chat not found", Reaction::block, "person_gone"},
    KnownError{400, "bad request: peer_id_invalid", Reaction::block, "person_gone"},
    KnownError{400, "bad request: user not found", Reaction::block, "person_gone"},
    KnownError{400, "bad request: message is too long", Reaction::refuse, "text_too_long"},
    KnownError{400, "bad request: message caption is too long", Reaction::refuse, "text_too_long"},
    KnownError{400, "bad request: message text is empty", Reaction::refuse, "text_empty"},
    KnownError{400, "bad request: not enough rights", Reaction::refuse, "no_rights"},
    KnownError{400, "bad request: have no rights", Reaction::refuse, "no_rights"},
};

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

SendOutcome refused(int code, const std::string& words) {
    const std::string text = lower(words);
    const auto known = std::ranges::find_if(
        known_errors, [&](const KnownError& one) { return one.code == code && text.starts_with(one.begin); });
    if (known == known_errors.end()) return Rejected{"provider_" + std::to_string(code), words};
    Rejected out{std::string(known->word), words};
    out.blocks_person = known->reaction == Reaction::block;
    if (known->reaction == Reaction::broken) out.about_channel = ChannelNotice::Kind::broken;
    return out;
}

struct Answer {
    bool is_ok = false;
    int code = 0;
    std::string words;
    std::chrono::seconds retry_after{0};
    json::value result;
};

std::optional<Answer> read_answer(const HttpReply& reply) {
    const auto document = parse_json(reply.body);
    if (!document || !JsonView(*document)["ok"].boolean()) return std::nullopt;
    const JsonView view(*document);
    Answer out;
    out.is_ok = *view["ok"].boolean();
    out.code = static_cast<int>(view["error_code"].integer().value_or(reply.status));
    out.words = view["description"].text_or("Telegram gave no reason.");
    out.retry_after = std::chrono::seconds(
        std::clamp<std::int64_t>(view["parameters"]["retry_after"].integer().value_or(0), 0, 3600));
    if (view["result"].raw() != nullptr) out.result = *view["result"].raw();
    return out;
}

}  // namespace

Result<json::value> result_of(const Result<HttpReply>& reply) {
    if (!reply) return std::unexpected(reply.error());
    const auto answer = read_answer(*reply);
    if (!answer)
        return fail(ErrorKind::unavailable, "provider_unavailable",
                    "Telegram answered " + std::to_string(reply->status) + " without a reason.");
    if (answer->is_ok) return answer->result;
    const bool may_pass = answer->code == 429 || answer->code >= 500;
    return fail(may_pass ? ErrorKind::unavailable : ErrorKind::conflict, "provider_" + std::to_string(answer->code),
                answer->words);
}

std::string description_of(const Result<HttpReply>& reply) {
    const auto answer = reply ? read_answer(*reply) : std::nullopt;
    return answer && !answer->is_ok ? lower(answer->words) : std::string();
}

SendOutcome outcome_of(const Result<HttpReply>& reply, const std::string& prefix) {
    if (!reply) {
        if (reply.error().kind == ErrorKind::never_left)
            return RetryLater{.reason = reply.error().detail, .scope = RetryScope::channel};
        return Unanswered{reply.error().detail};  // there is no key under which it could be repeated
    }
    const auto answer = read_answer(*reply);
    if (!answer) return Unanswered{"Telegram answered " + std::to_string(reply->status) + " without a reason."};
    if (answer->is_ok) {
        const auto id = JsonView(answer->result)["message_id"].text();
        if (answer->result.is_bool()) return Accepted{};  // a reaction: nothing was written
        if (!id) return Unanswered{"Telegram took the message without naming it."};
        return Accepted{ProviderMessageId{prefix + *id}};
    }
    if (answer->code == 429)
        return RetryLater{
            .after = answer->retry_after, .reason = answer->words, .scope = RetryScope::channel, .is_too_fast = true};
    if (answer->code >= 500) return RetryLater{.reason = answer->words};
    return refused(answer->code, answer->words);
}

}  // namespace okno::telegram
