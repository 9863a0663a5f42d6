#include "messengers/whatsapp/errors.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace okno::whatsapp {

namespace {

enum class Reaction { retry, retry_thrice, slow_channel, slow_person, refuse, window, token, account, unreachable };

struct Known {
    std::int64_t first;
    std::int64_t last;
    Reaction reaction;
    const char* word;
    std::chrono::seconds after;  // 0: our own backoff
};

using enum Reaction;
constexpr std::chrono::seconds own{0};

// In rising order of codes.
constexpr Known table[] = {
    {0, 0, token, "token_broken", own},
    {1, 1, retry_thrice, "provider_1", own},
    {2, 2, retry, "provider_busy", own},
    {3, 3, token, "permission_missing", own},
    {4, 4, slow_channel, "call_limit", std::chrono::minutes{5}},
    {10, 10, token, "permission_missing", own},
    {17, 17, slow_channel, "call_limit", own},
    {32, 32, slow_channel, "call_limit", own},
    {33, 33, token, "account_missing", own},
    {100, 100, refuse, "bad_request", own},
    {102, 104, token, "token_broken", own},
    {190, 190, token, "token_broken", own},
    {200, 299, token, "permission_missing", own},
    {368, 368, account, "account_restricted", own},
    {613, 613, slow_channel, "call_limit", own},
    {80007, 80007, slow_channel, "call_limit", std::chrono::minutes{5}},
    {130403, 130403, unreachable, "person_blocked", own},
    {130429, 130429, slow_channel, "too_fast", own},
    {130472, 130472, refuse, "experiment", own},
    {130497, 130497, unreachable, "country_not_allowed", own},
    {131000, 131000, retry_thrice, "provider_131000", own},
    {131005, 131005, token, "permission_missing", own},
    {131008, 131009, refuse, "bad_request", own},
    {131016, 131016, retry, "provider_busy", own},
    {131021, 131021, refuse, "sent_to_itself", own},
    {131026, 131026, unreachable, "person_unreachable", own},
    {131030, 131030, unreachable, "not_in_test_list", own},
    {131031, 131031, account, "account_restricted", own},
    {131037, 131037, account, "display_name_missing", own},
    {131042, 131042, account, "payment_problem", own},
    {131045, 131045, account, "number_not_registered", own},
    {131047, 131047, window, "window_closed", own},
    {131048, 131048, refuse, "spam_limit", own},
    {131049, 131050, refuse, "marketing_refused", own},
    {131051, 131051, refuse, "type_not_supported", own},
    {131052, 131053, refuse, "media_not_accepted", own},
    {131056, 131056, slow_person, "too_fast_for_person", std::chrono::seconds{6}},
    {131057, 131057, slow_channel, "account_maintenance", std::chrono::minutes{1}},
    {132000, 132000, refuse, "template_values", own},
    {132001, 132001, refuse, "template_missing", own},
    {132005, 132018, refuse, "template_rejected", own},
    {132068, 132068, refuse, "flow_blocked", own},
    {133004, 133004, retry, "provider_busy", own},
    {133010, 133010, account, "number_not_registered", own},
    {2494100, 2494100, slow_channel, "account_maintenance", std::chrono::minutes{1}},
};

const Known* find(std::int64_t code) {
    const auto* found =
        std::ranges::find_if(table, [&](const Known& known) { return code >= known.first && code <= known.last; });
    return found == std::end(table) ? nullptr : found;
}

RetryLater later(const Known& known, std::string reason) {
    const bool is_channel = known.reaction == slow_channel;
    return {known.after, std::move(reason), is_channel ? RetryScope::channel : RetryScope::person,
            known.reaction == retry_thrice ? 3 : 0};
}

SendOutcome outcome_of_known(const Known& known, std::string sentence) {
    switch (known.reaction) {
        case retry:
        case retry_thrice:
        case slow_channel:
        case slow_person: return later(known, std::move(sentence));
        case refuse:
        case unreachable: return Rejected{known.word, std::move(sentence), false, false};
        case window: return Rejected{known.word, std::move(sentence), true, false};
        case token:
        case account: return Rejected{known.word, std::move(sentence), false, true};
    }
    return Rejected{known.word, std::move(sentence), false, false};
}

std::chrono::seconds retry_after(const HttpReply& reply) {
    const std::string_view text = reply.headers.get("Retry-After");
    int seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::chrono::seconds{std::clamp(seconds, 0, 3600)};
}

}  // namespace

std::string word_for(std::int64_t code) {
    const Known* known = find(code);
    return known != nullptr ? known->word : "provider_" + std::to_string(code);
}

bool closes_window(std::int64_t code) { return code == 131047; }

std::string sentence_of(const JsonView& error) {
    for (const std::optional<std::string>& found :
         {error["error_data"]["details"].text(), error["message"].text(), error["title"].text()})
        if (found && !found->empty()) return *found;
    return "The provider gave no reason.";
}

SendOutcome outcome_of(const HttpReply& reply) {
    const auto document = parse_json(reply.body);
    if (reply.status == 200 && document) {
        const auto id = JsonView(*document)["messages"].at(0)["id"].text();
        if (id && !id->empty()) return Accepted{ProviderMessageId{*id}};
        return Unanswered{"The provider answered 200 without naming the message."};
    }
    auto code = document ? JsonView(*document)["error"]["code"].integer() : std::nullopt;
    // The live API says "no such object" as 100 with this subcode, where its page names 33 (seen in public reports).
    constexpr std::int64_t no_such_object = 33;
    if (code == 100 && JsonView(*document)["error"]["error_subcode"].integer() == no_such_object) code = no_such_object;
    if (!code) {
        if (reply.status == 429)
            return RetryLater{retry_after(reply), "The provider asks to slow down.", RetryScope::channel, 0};
        if (reply.status >= 500 || reply.status < 400)
            return Unanswered{"The provider answered " + std::to_string(reply.status) + " without a reason."};
        return Rejected{"provider_" + std::to_string(reply.status),
                        "The provider answered " + std::to_string(reply.status) + " without a reason.", false, false};
    }
    const JsonView error = JsonView(*document)["error"];
    std::string sentence = sentence_of(error);
    if (const Known* known = find(*code)) {
        SendOutcome outcome = outcome_of_known(*known, std::move(sentence));
        if (auto* wait = std::get_if<RetryLater>(&outcome); wait != nullptr && retry_after(reply) > own)
            wait->after = retry_after(reply);
        return outcome;
    }
    if (error["is_transient"].boolean().value_or(false) || reply.status >= 500)
        return RetryLater{own, std::move(sentence), RetryScope::person, 3};
    return Rejected{word_for(*code), std::move(sentence), false, false};
}

SendOutcome outcome_of(const Error& error) {
    if (error.kind == ErrorKind::never_left) return RetryLater{own, error.detail, RetryScope::channel, 0};
    return Unanswered{error.detail};
}

}  // namespace okno::whatsapp
