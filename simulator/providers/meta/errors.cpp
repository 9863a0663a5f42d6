#include "providers/meta/errors.hpp"

#include "base/crypto.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace okno::sim::meta {

namespace {

struct Known {
    int code;
    int subcode;
    int status;
    std::string_view words;
    bool is_transient = false;
};

constexpr Known kErrors[] = {
    {1, 0, 500, "An unknown error occurred", true},
    {2, 0, 500, "Service temporarily unavailable", true},
    {4, 0, 403, "Application request limit reached", true},
    {10, 2018278, 403, "This message is sent outside of allowed window."},
    {10, 2534022, 403, "This message is sent outside of allowed window."},
    {10, 2018108, 403, "This Page's messaging permission is in development: only app roles can be messaged."},
    {10, 2018300, 403, "Another app is controlling this thread now."},
    {10, 1893063, 403, "This Page is temporarily restricted from sending messages."},
    {10, 0, 403, "Application does not have permission for this action"},
    {100, 2018001, 400, "No matching user found"},
    {100, 2534014, 400, "The requested user cannot be found."},
    {100, 1893061, 400, "Invalid parameter"},
    {100, 2018109, 400, "Attachment size exceeds allowable limit"},
    {100, 2018047, 400, "Upload attachment failure."},
    {100, 2018034, 400, "Message cannot be empty, must provide valid attachment or text"},
    {100, 33, 400, "Unsupported request: the object does not exist or cannot be loaded due to missing permissions."},
    {100, 0, 400, "Invalid parameter"},
    {190, 463, 400, "Error validating access token: Session has expired."},
    {190, 0, 400, "Invalid OAuth access token - Cannot parse access token"},
    {230, 0, 403, "User consent is required to access user profile"},
    {551, 1545041, 400, "This person isn't available right now."},
    {613, 0, 403, "Calls to this API have exceeded the rate limit.", true},
};

const Known& known(const Refusal& refusal) {
    static constexpr Known other{0, 0, 400, "Error"};
    for (const bool is_exact : {true, false})
        for (const Known& one : kErrors)
            if (one.code == refusal.code && (!is_exact || one.subcode == refusal.subcode)) return one;
    return other;
}

}  // namespace

net::ServerReply error_reply(const Refusal& refusal) {
    const Known& meaning = known(refusal);
    const std::string words = refusal.details.empty() ? std::string(meaning.words) : refusal.details;
    // Words of a token stand alone, all others behind their code.
    json::object error{{"message", refusal.code == 190 ? words : fmt::format("(#{}) {}", refusal.code, words)},
                       {"type", refusal.subcode == 33 ? "GraphMethodException" : "OAuthException"},
                       {"code", refusal.code}};
    if (refusal.subcode != 0) error["error_subcode"] = refusal.subcode;
    if (meaning.is_transient) error["is_transient"] = true;
    error["fbtrace_id"] = "A" + random_token(16);
    return json_reply(meaning.status, {{"error", std::move(error)}});
}

}  // namespace okno::sim::meta
