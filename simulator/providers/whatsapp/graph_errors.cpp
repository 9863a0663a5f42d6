#include "providers/whatsapp/graph_errors.hpp"

#include "base/crypto.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace okno::sim::whatsapp {

namespace {

struct KnownError {
    int code;
    int status;
    std::string_view title;
    bool is_transient = false;
};

// Sorted by code. Unlisted codes answer 400 "Unknown error".
constexpr KnownError kErrors[] = {
    {0, 401, "AuthException"},
    {1, 400, "API Unknown"},
    {2, 503, "API Service", true},
    {3, 500, "API Method"},
    {4, 400, "API Too Many Calls", true},
    {10, 403, "Permission Denied"},
    {33, 400, "Parameter value is not valid"},
    {100, 400, "Invalid parameter"},
    {104, 401, "An access token is required to request this resource."},
    {190, 401, "Access token has expired"},
    {200, 403, "API Permission"},
    {368, 403, "Temporarily blocked for policies violations"},
    {2200, 400, "Callback verification failed"},
    {80007, 400, "Rate limit issues", true},
    {130403, 403, "Message blocked: the user is on the block list"},
    {130429, 429, "Rate limit hit", true},
    {130472, 400, "User's number is part of an experiment"},
    {130497, 403, "Business account is restricted from messaging users in this country"},
    {131000, 500, "Something went wrong", true},
    {131005, 403, "Access denied"},
    {131008, 400, "Required parameter is missing"},
    {131009, 400, "Parameter value is not valid"},
    {131016, 500, "Service unavailable", true},
    {131021, 400, "Recipient cannot be sender"},
    {131026, 400, "Message undeliverable"},
    {131030, 400, "Recipient phone number not in allowed list"},
    {131031, 403, "Business Account locked"},
    {131037, 400, "Display name is not approved"},
    {131042, 400, "Business eligibility payment issue"},
    {131045, 500, "Incorrect certificate"},
    {131047, 400, "Re-engagement message"},
    {131048, 400, "Spam Rate limit hit"},
    {131049, 400, "Meta chose not to deliver"},
    {131050, 400, "User has stopped marketing messages"},
    {131051, 400, "Message type unknown"},
    {131052, 400, "Media download error"},
    {131053, 400, "Media upload error"},
    {131056, 400, "(Business Account, Consumer Account) pair rate limit hit", true},
    {131057, 500, "Account in maintenance mode", true},
    {131060, 400, "This message is unavailable"},
    {131062, 400, "Business-scoped user ID recipients are not supported for this message"},
    {132000, 400, "Number of parameters does not match the expected number of params"},
    {132001, 404, "Template name does not exist in the translation"},
    {132005, 400, "Template hydrated text too long"},
    {132007, 400, "Template format character policy violated"},
    {132012, 400, "Parameter format does not match format in the created template"},
    {132014, 400, "Template is not usable"},
    {132015, 400, "Template is paused"},
    {132016, 400, "Template is disabled"},
    {132018, 400, "Template parameter validation error"},
    {133010, 400, "Phone number not registered"},
};
static_assert(std::ranges::is_sorted(kErrors, {}, &KnownError::code));

const KnownError& known(int code) {
    static constexpr KnownError unknown{0, 400, "Unknown error"};
    const auto* found = std::ranges::lower_bound(kErrors, code, {}, &KnownError::code);
    return found != std::end(kErrors) && found->code == code ? *found : unknown;
}

std::string_view type_of(int code) { return code == 33 ? "GraphMethodException" : "OAuthException"; }

}  // namespace

net::ServerReply graph_error(const Refusal& refusal) { return graph_error(refusal, known(refusal.code).status); }

net::ServerReply graph_error(const Refusal& refusal, int status) {
    const KnownError& meaning = known(refusal.code);
    // Errors of the Graph itself put the sentence into `message`; those of WhatsApp keep a title there.
    const bool is_of_graph = refusal.code < 1000;
    json::object error{{"message", is_of_graph ? fmt::format("(#{}) {}", refusal.code,
                                                             refusal.details.empty() ? meaning.title : refusal.details)
                                               : fmt::format("(#{}) {}", refusal.code, meaning.title)},
                       {"type", type_of(refusal.code)},
                       {"code", refusal.code}};
    if (refusal.subcode != 0) error["error_subcode"] = refusal.subcode;
    if (refusal.code != 190 && !refusal.details.empty())
        error["error_data"] = {{"messaging_product", "whatsapp"}, {"details", refusal.details}};
    if (meaning.is_transient) error["is_transient"] = true;
    error["fbtrace_id"] = "A" + random_token(16);
    return json_reply(status, {{"error", std::move(error)}});
}

json::object webhook_error(const Refusal& refusal) {
    const KnownError& meaning = known(refusal.code);
    return {{"code", refusal.code},
            {"title", meaning.title},
            {"message", meaning.title},
            {"error_data", {{"details", refusal.details.empty() ? std::string(meaning.title) : refusal.details}}},
            {"href", "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"}};
}

}  // namespace okno::sim::whatsapp
