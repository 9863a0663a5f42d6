#include "messengers/vk/api.hpp"

#include "messengers/vk/address.hpp"

#include <fmt/format.h>

namespace okno::vk {

namespace json = boost::json;

namespace {

// VK remembers a `random_id` for an hour at least: with our pauses this many tries stay within three quarters of it.
constexpr int tries_of_lost_answers = 16;
constexpr int tries_in_a_flood = 3;
constexpr int fivefold = 5;

void append_escaped(std::string& to, std::string_view text) {
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                              c == '_' || c == '.' || c == '~';
        if (is_plain)
            to += c;
        else
            to += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
}

std::string form_of(const Parameters& parameters) {
    std::string out;
    for (const auto& [name, value] : parameters) {
        out += name + "=";
        append_escaped(out, value);
        out += '&';
    }
    out += "v=";
    out += api_version;
    return out;
}

std::string wordless(const HttpReply& reply) {
    return "VK answered " + std::to_string(reply.status) + " without a reason.";
}

struct Refusal {
    std::int64_t code = 0;
    std::string words;
};

// `error` of the answer, or that of the only recipient inside a success, where the members have other names.
std::optional<Refusal> refusal_of(const Result<HttpReply>& reply) {
    if (!reply) return std::nullopt;
    const auto document = parse_json(reply->body);
    if (!document) return std::nullopt;
    const JsonView answer(*document);
    const JsonView whole = answer["error"];
    const JsonView error = whole.is_there() ? whole : answer["response"].at(0)["error"];
    if (!error.is_there()) return std::nullopt;
    return Refusal{error["error_code"].integer().value_or(error["code"].integer().value_or(0)),
                   error["error_msg"].text_or(error["description"].text_or("VK gave no reason."))};
}

RetryLater later(const KnownError& known, const std::string& words) {
    RetryLater out{.after = known.after, .reason = words};
    const bool is_of_channel = known.reaction == Reaction::slow_channel || known.reaction == Reaction::wait;
    if (is_of_channel) out.scope = RetryScope::channel;
    out.is_too_fast = known.reaction == Reaction::slow_channel;
    if (known.reaction == Reaction::flood) {
        out.growth = fivefold;
        out.max_tries = tries_in_a_flood;
    }
    return out;
}

SendOutcome outcome_of_refusal(const Refusal& refusal) {
    const KnownError* known = find_error(refusal.code);
    if (known == nullptr) return Rejected{"provider_" + std::to_string(refusal.code), refusal.words};
    Rejected rejected{known->word, refusal.words};
    switch (known->reaction) {
        case Reaction::retry:
        case Reaction::slow_channel:
        case Reaction::wait:
        case Reaction::flood: return later(*known, refusal.words);
        case Reaction::block: rejected.blocks_person = true; break;
        case Reaction::broken: rejected.about_channel = ChannelNotice::Kind::broken; break;
        case Reaction::upload:
        case Reaction::no_keyboard:
        case Reaction::refuse: break;
    }
    return rejected;
}

SendOutcome lost(const std::string& reason) { return RetryLater{.reason = reason, .max_tries = tries_of_lost_answers}; }

bool may_pass(std::int64_t code) {
    const KnownError* known = find_error(code);
    if (known == nullptr) return false;
    return known->reaction == Reaction::retry || known->reaction == Reaction::slow_channel ||
           known->reaction == Reaction::wait || known->reaction == Reaction::flood;
}

}  // namespace

HttpRequest api_request(const Channel& channel, std::string_view method, const Parameters& parameters) {
    std::string base = channel.setting("base_url");
    while (base.ends_with('/'))
        base.pop_back();
    HttpRequest request;
    request.method = "POST";
    request.url = (base.empty() ? "https://api.vk.com" : base) + "/method/" + std::string(method);
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.body = form_of(parameters);
    request.bearer = channel.credential("access_token");
    reach_through(request, channel);
    request.timeout = std::chrono::seconds{10};
    return request;
}

Result<json::value> response_of(const Result<HttpReply>& reply) {
    if (!reply) return std::unexpected(reply.error());
    const auto document = parse_json(reply->body);
    if (document && JsonView(*document)["response"].is_there()) return *JsonView(*document)["response"].raw();
    const auto refusal = refusal_of(reply);
    if (!refusal) return fail(ErrorKind::unavailable, "provider_unavailable", wordless(*reply));
    const KnownError* known = find_error(refusal->code);
    const std::string word = known != nullptr ? known->word : "provider_" + std::to_string(refusal->code);
    return fail(may_pass(refusal->code) ? ErrorKind::unavailable : ErrorKind::conflict, word, refusal->words);
}

boost::asio::awaitable<Result<json::value>> call(Channel channel, std::string method, Parameters parameters,
                                                 HttpTransport& http) {
    HttpRequest request = api_request(channel, method, parameters);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return response_of(reply);
}

std::optional<Reaction> reaction_to(const Result<HttpReply>& reply) {
    const auto refusal = refusal_of(reply);
    const KnownError* known = refusal ? find_error(refusal->code) : nullptr;
    return known == nullptr ? std::nullopt : std::optional(known->reaction);
}

SendOutcome outcome_of(const Result<HttpReply>& reply, const std::string& peer) {
    if (!reply && reply.error().kind == ErrorKind::never_left)
        return RetryLater{.reason = reply.error().detail, .scope = RetryScope::channel};
    if (!reply) return lost(reply.error().detail);
    if (const auto refusal = refusal_of(reply)) return outcome_of_refusal(*refusal);
    const Result<json::value> response = response_of(reply);
    if (!response) return lost(response.error().detail);
    const JsonView told(*response);
    const JsonView of_peer = told.at(0);
    if (const auto number = of_peer["conversation_message_id"].text()) return Accepted{message_id(peer, *number)};
    if (told.integer() || of_peer["message_id"].integer().value_or(0) > 0) return Accepted{};  // taken, not named
    return lost("VK took the message without naming it.");
}

SendOutcome failure_of(const Result<HttpReply>& reply) {
    constexpr int tries_of_a_file = 8;
    if (!reply && reply.error().kind == ErrorKind::never_left)
        return RetryLater{.reason = reply.error().detail, .scope = RetryScope::channel};
    if (const auto refusal = refusal_of(reply)) {
        SendOutcome outcome = outcome_of_refusal(*refusal);
        // A key without the right to files may write all the same.
        if (auto* rejected = std::get_if<Rejected>(&outcome);
            rejected != nullptr && rejected->code == "permission_missing")
            rejected->about_channel = ChannelNotice::Kind::warning;
        return outcome;
    }
    return RetryLater{.reason = reply ? wordless(*reply) : reply.error().detail, .max_tries = tries_of_a_file};
}

}  // namespace okno::vk
