#include "messengers/whatsapp/errors.hpp"

#include "messengers/whatsapp/error_table.hpp"
#include "messengers/whatsapp/phone.hpp"

#include <algorithm>
#include <charconv>

namespace okno::whatsapp {

namespace {

constexpr int thrice = 3;
constexpr int fourfold = 4;

RetryLater later(const KnownError& known, std::string reason, std::chrono::seconds named) {
    RetryLater out{.after = named > std::chrono::seconds{0} ? named : known.after, .reason = std::move(reason)};
    switch (known.reaction) {
        case Reaction::retry_thrice: out.max_tries = thrice; break;
        case Reaction::wait: out.scope = RetryScope::channel; break;
        case Reaction::slow_channel:
            out.scope = RetryScope::channel;
            out.is_too_fast = true;
            break;
        case Reaction::slow_person:
            if (named == std::chrono::seconds{0}) out.growth = fourfold;
            break;
        case Reaction::retry:
        case Reaction::refuse:
        case Reaction::window:
        case Reaction::token:
        case Reaction::account:
        case Reaction::warn: break;
    }
    return out;
}

SendOutcome outcome_of_known(const KnownError& known, std::string sentence, std::chrono::seconds named) {
    switch (known.reaction) {
        case Reaction::retry:
        case Reaction::retry_thrice:
        case Reaction::wait:
        case Reaction::slow_channel:
        case Reaction::slow_person: return later(known, std::move(sentence), named);
        case Reaction::refuse:
        case Reaction::window:
        case Reaction::token:
        case Reaction::account:
        case Reaction::warn: break;
    }
    return Rejected{.code = known.word,
                    .detail = std::move(sentence),
                    .closes_window = closes_window(known.first),
                    .about_channel = concern_of(known.first)};
}

std::chrono::seconds retry_after(const HttpReply& reply) {
    const std::string_view text = reply.headers.get("Retry-After");
    int seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::chrono::seconds{std::clamp(seconds, 0, 3600)};
}

SendOutcome outcome_without_code(const HttpReply& reply) {
    const std::string words = "The provider answered " + std::to_string(reply.status) + " without a reason.";
    if (reply.status == 429)
        return RetryLater{.after = retry_after(reply),
                          .reason = "The provider asks to slow down.",
                          .scope = RetryScope::channel,
                          .is_too_fast = true};
    // The provider's own failure: nothing was taken. A gateway's (502, 504) says nothing of what stands behind it.
    if (reply.status == 500 || reply.status == 503) return RetryLater{.after = retry_after(reply), .reason = words};
    if (reply.status > 500 || reply.status < 400) return Unanswered{words};
    return Rejected{"provider_" + std::to_string(reply.status), words};
}

// The person's number as the provider spells it, so that the next message goes there.
std::vector<Address> spelling_in(const JsonView& contacts) {
    std::vector<Address> out;
    const JsonView contact = contacts.at(0);
    if (const std::string id = contact["user_id"].text_or(""); !id.empty()) out.push_back({"bsuid", id, id});
    if (const std::string number = digits_of(contact["wa_id"].text_or("")); !number.empty())
        out.push_back(phone_address(number));
    return out;
}

}  // namespace

std::string word_for(std::int64_t code) {
    const KnownError* known = find_error(code);
    return known != nullptr ? known->word : "provider_" + std::to_string(code);
}

bool closes_window(std::int64_t code) {
    const KnownError* known = find_error(code);
    return known != nullptr && known->reaction == Reaction::window;
}

std::optional<ChannelNotice::Kind> concern_of(std::int64_t code) {
    const KnownError* known = find_error(code);
    if (known == nullptr) return std::nullopt;
    if (known->reaction == Reaction::token || known->reaction == Reaction::account) return ChannelNotice::Kind::broken;
    if (known->reaction == Reaction::warn) return ChannelNotice::Kind::warning;
    return std::nullopt;
}

std::string sentence_of(const JsonView& error) {
    for (const std::optional<std::string>& found :
         {error["error_data"]["details"].text(), error["message"].text(), error["title"].text()})
        if (found && !found->empty()) return *found;
    return "The provider gave no reason.";
}

std::optional<std::int64_t> code_of(const HttpReply& reply) {
    const auto document = parse_json(reply.body);
    if (!document) return std::nullopt;
    const JsonView error = JsonView(*document)["error"];
    // The live API says "no such object" as 100 with this subcode, where its page names 33 (seen in public reports).
    constexpr std::int64_t no_such_object = 33;
    const auto code = error["code"].integer();
    return code == 100 && error["error_subcode"].integer() == no_such_object ? no_such_object : code;
}

SendOutcome outcome_of(const HttpReply& reply) {
    const auto document = parse_json(reply.body);
    if (reply.status == 200 && document) {
        const auto id = JsonView(*document)["messages"].at(0)["id"].text();
        if (id && !id->empty()) return Accepted{ProviderMessageId{*id}, spelling_in(JsonView(*document)["contacts"])};
        return Unanswered{"The provider answered 200 without naming the message."};
    }
    const auto code = code_of(reply);
    if (!code) return outcome_without_code(reply);
    const JsonView error = JsonView(*document)["error"];
    std::string sentence = sentence_of(error);
    if (const KnownError* known = find_error(*code))
        return outcome_of_known(*known, std::move(sentence), retry_after(reply));
    if (error["is_transient"].boolean().value_or(false) || reply.status >= 500)
        return RetryLater{.after = retry_after(reply), .reason = std::move(sentence), .max_tries = thrice};
    return Rejected{word_for(*code), std::move(sentence)};
}

SendOutcome outcome_of(const Error& error) {
    if (error.kind == ErrorKind::never_left) return RetryLater{.reason = error.detail, .scope = RetryScope::channel};
    return Unanswered{error.detail};
}

}  // namespace okno::whatsapp
