#include "messengers/meta/errors.hpp"

#include <algorithm>

namespace okno::meta {

namespace {

constexpr int thrice = 3;

struct Refusal {
    std::int64_t code = 0;
    const KnownError* known = nullptr;
    std::string words;
    bool may_pass = false;  // Meta itself says so
};

// Meta's sentence for people, and the name under which its support finds the call.
std::string words_of(const JsonView& error) {
    std::string out = error["error_user_msg"].text_or(error["message"].text_or("Meta gave no reason."));
    if (const std::string trace = error["fbtrace_id"].text_or(""); !trace.empty()) out += " [" + trace + "]";
    return out;
}

std::optional<Refusal> refusal_of(const Result<HttpReply>& reply) {
    if (!reply || reply->status == 200) return std::nullopt;
    const auto document = parse_json(reply->body);
    if (!document) return std::nullopt;
    const JsonView error = JsonView(*document)["error"];
    const auto code = error["code"].integer();
    if (!code) return std::nullopt;
    return Refusal{*code, find_error(*code, error["error_subcode"].integer().value_or(0)), words_of(error),
                   error["is_transient"].boolean().value_or(false)};
}

// The longest of the times that the header of usage names, in minutes there; 0: none.
std::chrono::seconds rest_named_in(const HttpReply& reply) {
    const auto usage = parse_json(reply.headers.get("X-Business-Use-Case-Usage"));
    if (!usage || !usage->is_object()) return 0s;
    std::int64_t minutes = 0;
    for (const auto& account : usage->get_object()) {
        const JsonView lines(account.value());
        for (std::size_t i = 0; i < lines.size(); ++i)
            minutes = std::max(minutes, lines.at(i)["estimated_time_to_regain_access"].integer().value_or(0));
    }
    constexpr std::int64_t a_day = std::int64_t{24} * 60;
    return std::chrono::minutes{std::clamp<std::int64_t>(minutes, 0, a_day)};
}

SendOutcome outcome_of_known(const Refusal& refusal, const HttpReply& reply) {
    const KnownError& known = *refusal.known;
    Rejected rejected{.code = known.word, .detail = refusal.words};
    switch (known.reaction) {
        case Reaction::retry_thrice:
            return RetryLater{.after = known.after, .reason = refusal.words, .max_tries = thrice};
        case Reaction::wait:
            return RetryLater{.after = known.after, .reason = refusal.words, .scope = RetryScope::channel};
        case Reaction::slow_channel: {
            const auto named = rest_named_in(reply);
            return RetryLater{.after = named > 0s ? named : known.after,
                              .reason = refusal.words,
                              .scope = RetryScope::channel,
                              .is_too_fast = true};
        }
        case Reaction::window: rejected.closes_window = true; break;
        case Reaction::block: rejected.blocks_person = true; break;
        case Reaction::broken: rejected.about_channel = ChannelNotice::Kind::broken; break;
        case Reaction::done: return Accepted{};
        case Reaction::control:
        case Reaction::refuse: break;
    }
    return rejected;
}

std::string wordless(const HttpReply& reply) {
    return "Meta answered " + std::to_string(reply.status) + " without a reason.";
}

SendOutcome outcome_of_refusal(const Refusal& refusal, const HttpReply& reply) {
    const bool may_pass = refusal.may_pass || (refusal.known == nullptr && reply.status >= 500);
    if (refusal.known != nullptr && (!may_pass || refusal.known->reaction != Reaction::refuse))
        return outcome_of_known(refusal, reply);
    if (may_pass) return RetryLater{.reason = refusal.words, .max_tries = thrice};
    return Rejected{"provider_" + std::to_string(refusal.code), refusal.words};
}

SendOutcome outcome_without_code(const HttpReply& reply) {
    // Meta's own failure: nothing was taken. A gateway's (502, 504) says nothing of what stands behind it.
    if (reply.status == 500 || reply.status == 503) return RetryLater{.reason = wordless(reply), .max_tries = thrice};
    if (reply.status == 429)
        return RetryLater{.after = 1min, .reason = wordless(reply), .scope = RetryScope::channel, .is_too_fast = true};
    if (reply.status > 500 || reply.status < 400) return Unanswered{wordless(reply)};
    return Rejected{"provider_" + std::to_string(reply.status), wordless(reply)};
}

bool may_pass(const Refusal& refusal, int status) {
    if (refusal.may_pass) return true;
    if (refusal.known == nullptr) return status >= 500 || status == 429;
    return refusal.known->reaction == Reaction::retry_thrice || refusal.known->reaction == Reaction::slow_channel ||
           refusal.known->reaction == Reaction::wait;
}

}  // namespace

std::optional<Reaction> reaction_to(const Result<HttpReply>& reply) {
    const auto refusal = refusal_of(reply);
    if (!refusal || refusal->known == nullptr) return std::nullopt;
    return refusal->known->reaction;
}

SendOutcome outcome_of(const Result<HttpReply>& reply, const std::string& person) {
    if (!reply && reply.error().kind == ErrorKind::never_left)
        return RetryLater{.reason = reply.error().detail, .scope = RetryScope::channel};
    if (!reply) return Unanswered{reply.error().detail};
    if (const auto refusal = refusal_of(reply)) return outcome_of_refusal(*refusal, *reply);
    if (reply->status != 200) return outcome_without_code(*reply);
    const auto document = parse_json(reply->body);
    const std::string mid = document ? JsonView(*document)["message_id"].text_or("") : std::string();
    if (mid.empty()) return Unanswered{"Meta answered 200 without naming the message."};
    return Accepted{message_id(person, mid)};
}

SendOutcome outcome_of_late(SendOutcome outcome) {
    auto* rejected = std::get_if<Rejected>(&outcome);
    if (rejected == nullptr) return outcome;
    const bool is_of_feature = rejected->code == "permission_missing" || rejected->code == "tag_retired";
    if (!is_of_feature) return outcome;
    rejected->code = "human_agent_missing";
    rejected->closes_window = true;
    // Within 24 hours the same app writes as before.
    rejected->about_channel = ChannelNotice::Kind::warning;
    rejected->detail = "An answer after 24 hours needs the Human Agent feature of the Meta app: " + rejected->detail;
    return outcome;
}

SendOutcome outcome_of_step(const Result<HttpReply>& reply) {
    constexpr int tries_of_a_step = 8;
    SendOutcome outcome = outcome_of(reply, "");
    const auto* unanswered = std::get_if<Unanswered>(&outcome);
    if (unanswered == nullptr) return outcome;
    return RetryLater{.reason = unanswered->reason, .max_tries = tries_of_a_step};
}

Result<boost::json::value> read_reply(const Result<HttpReply>& reply) {
    if (!reply) return std::unexpected(reply.error());
    auto document = parse_json(reply->body);
    if (reply->status == 200 && document) return document;
    const auto refusal = refusal_of(reply);
    if (!refusal) return fail(ErrorKind::unavailable, "provider_unavailable", wordless(*reply));
    const std::string word =
        refusal->known != nullptr ? refusal->known->word : "provider_" + std::to_string(refusal->code);
    return fail(may_pass(*refusal, reply->status) ? ErrorKind::unavailable : ErrorKind::conflict, word, refusal->words);
}

}  // namespace okno::meta
