#include "messengers/max/api.hpp"

#include "messengers/max/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace okno::max {

namespace json = boost::json;

namespace {

constexpr std::chrono::seconds shortest_pause{1};
constexpr std::chrono::seconds longest_pause{3600};

void append_escaped(std::string& to, std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = (byte < 0x80 && std::isalnum(byte) != 0) || c == '-' || c == '_' || c == '.' || c == '~';
        if (is_plain)
            to += c;
        else
            to += fmt::format("%{:02X}", static_cast<unsigned>(byte));
    }
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

struct Refusal {
    int status = 0;
    std::string told;   // everything MAX said, in small letters
    std::string words;  // its sentence, for people
    std::optional<std::chrono::seconds> retry_after;
};

std::optional<std::chrono::seconds> pause_in(const Headers& headers) {
    for (const char* name : {"retry_after", "Retry-After"}) {
        const std::string_view text = headers.get(name);
        std::int64_t seconds = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
        if (read.ec == std::errc{} && seconds > 0)
            return std::clamp(std::chrono::seconds{seconds}, shortest_pause, longest_pause);
    }
    return std::nullopt;
}

// What MAX itself refused; empty: it did not, or somebody else answered, a gateway say.
std::optional<Refusal> refusal_of(const Result<HttpReply>& reply) {
    if (!reply) return std::nullopt;
    const auto document = parse_json(reply->body);
    if (!document || !document->is_object()) {
        const bool needs_no_words = reply->status == 429 || reply->status == 503;
        if (!needs_no_words) return std::nullopt;
        return Refusal{reply->status, {}, "MAX takes nothing now.", pause_in(reply->headers)};
    }
    const JsonView answer(*document);
    const bool is_refused_politely = reply->status == 200 && answer["success"].boolean() == false;
    if (reply->status < 400 && !is_refused_politely) return std::nullopt;
    const std::string code = answer["code"].text_or("");
    const std::string sentence = answer["message"].text_or(answer["error"].text_or(code));
    return Refusal{is_refused_politely ? 400 : reply->status,
                   lower(code + " " + answer["error"].text_or("") + " " + sentence),
                   sentence.empty() ? "MAX gave no reason." : sentence, pause_in(reply->headers)};
}

const KnownError* known_in(const Refusal& refusal) { return find_error(refusal.status, refusal.told); }

std::string word_for(const Refusal& refusal) {
    const KnownError* known = known_in(refusal);
    return known != nullptr ? known->word : "provider_" + std::to_string(refusal.status);
}

std::string wordless(const HttpReply& reply) {
    return "MAX answered " + std::to_string(reply.status) + " without a reason.";
}

SendOutcome outcome_of_refusal(const Refusal& refusal) {
    Rejected rejected{word_for(refusal), refusal.words};
    const KnownError* known = known_in(refusal);
    if (known == nullptr) return rejected;
    switch (known->reaction) {
        case Reaction::retry: return RetryLater{.reason = refusal.words};
        case Reaction::slow_channel:
            return RetryLater{.after = refusal.retry_after.value_or(shortest_pause),
                              .reason = refusal.words,
                              .scope = RetryScope::channel,
                              .growth = refusal.retry_after ? 1 : 2,
                              .is_too_fast = true};
        case Reaction::not_ready:
            return RetryLater{.after = std::chrono::minutes{1}, .reason = refusal.words, .max_tries = 3};
        case Reaction::block: rejected.blocks_person = true; break;
        case Reaction::broken: rejected.about_channel = ChannelNotice::Kind::broken; break;
        case Reaction::no_quote:
        case Reaction::refuse: break;
    }
    return rejected;
}

RetryLater never_left(const Error& error) { return {.reason = error.detail, .scope = RetryScope::channel}; }

std::string base_of(const Channel& channel) {
    std::string base = channel.setting("base_url");
    while (base.ends_with('/'))
        base.pop_back();
    return base.empty() ? "https://platform-api2.max.ru" : base;
}

std::string_view host_of(std::string_view url) {
    const std::size_t begin = url.find("://");
    if (begin == std::string_view::npos) return {};
    const std::string_view rest = url.substr(begin + 3);
    return rest.substr(0, rest.find_first_of("/?#"));
}

}  // namespace

HttpRequest api_request(const Channel& channel, std::string method, const std::string& path, const Query& query,
                        const std::optional<json::object>& body) {
    HttpRequest request;
    request.method = std::move(method);
    request.url = base_of(channel) + path;
    char before = '?';
    for (const auto& [name, value] : query) {
        request.url += before + name + "=";
        append_escaped(request.url, value);
        before = '&';
    }
    request.headers.set("Authorization", channel.credential("access_token").reveal());
    if (body) {
        request.headers.set("Content-Type", "application/json");
        request.body = json::serialize(*body);
    }
    reach_through(request, channel);
    request.timeout = std::chrono::seconds{10};
    return request;
}

Result<json::value> answer_of(const Result<HttpReply>& reply) {
    if (!reply) return std::unexpected(reply.error());
    if (const auto refusal = refusal_of(reply)) {
        const KnownError* known = known_in(*refusal);
        const bool may_pass =
            known != nullptr && (known->reaction == Reaction::retry || known->reaction == Reaction::slow_channel);
        return fail(may_pass ? ErrorKind::unavailable : ErrorKind::conflict, word_for(*refusal), refusal->words);
    }
    auto document = parse_json(reply->body);
    if (reply->status != 200 || !document)
        return fail(ErrorKind::unavailable, "provider_unavailable", wordless(*reply));
    return document;
}

boost::asio::awaitable<Result<json::value>> call(HttpRequest request, HttpTransport& http) {
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return answer_of(reply);
}

std::optional<Reaction> reaction_to(const Result<HttpReply>& reply) {
    const auto refusal = refusal_of(reply);
    const KnownError* known = refusal ? known_in(*refusal) : nullptr;
    return known == nullptr ? std::nullopt : std::optional(known->reaction);
}

SendOutcome outcome_of(const Result<HttpReply>& reply) {
    if (!reply && reply.error().kind == ErrorKind::never_left) return never_left(reply.error());
    if (!reply) return Unanswered{reply.error().detail};
    if (const auto refusal = refusal_of(reply)) return outcome_of_refusal(*refusal);
    // A page in place of an answer: of a 4xx whoever stands between took nothing, of the rest nobody knows.
    if (reply->status >= 400 && reply->status < 500)
        return RetryLater{.reason = wordless(*reply), .scope = RetryScope::channel};
    const auto document = parse_json(reply->body);
    if (!document || reply->status != 200) return Unanswered{wordless(*reply)};
    const JsonView message = JsonView(*document)["message"];
    const std::string mid = message["body"]["mid"].text_or("");
    if (mid.empty()) return Unanswered{"MAX took the message without naming it."};
    return Accepted{message_id(message["recipient"]["chat_id"].text_or(""), mid)};
}

SendOutcome failure_of(const Result<HttpReply>& reply) {
    constexpr int tries_of_a_file = 8;
    if (!reply && reply.error().kind == ErrorKind::never_left) return never_left(reply.error());
    if (const auto refusal = refusal_of(reply)) {
        SendOutcome outcome = outcome_of_refusal(*refusal);
        if (auto* later = std::get_if<RetryLater>(&outcome); later != nullptr && later->max_tries == 0)
            later->max_tries = tries_of_a_file;
        // It names no person: what is not there is the call or the file.
        if (auto* rejected = std::get_if<Rejected>(&outcome)) rejected->blocks_person = false;
        return outcome;
    }
    return RetryLater{.reason = reply ? wordless(*reply) : reply.error().detail, .max_tries = tries_of_a_file};
}

bool is_fit_address(std::string_view url, const Channel& channel) {
    if (url.starts_with("https://")) return true;
    const std::string base = base_of(channel);
    return url.starts_with("http://") && base.starts_with("http://") && host_of(url) == host_of(base);
}

}  // namespace okno::max
