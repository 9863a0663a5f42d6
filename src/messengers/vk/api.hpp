// Calls to VK's API and what its answers mean (channels page of VK, sections 1, 5 and 9).
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"
#include "messengers/vk/error_table.hpp"

#include <boost/json.hpp>

namespace okno::vk {

constexpr std::string_view api_version = "5.199";

using Parameters = std::vector<std::pair<std::string, std::string>>;

// What VK puts into `secret` of every event: at most 50 characters of the channel's verify token.
inline std::string secret_of(const Channel& channel) {
    return channel.credential("verify_token").reveal().substr(0, 50);
}

// POST /method/<method> with the parameters as a form. The token goes in a header.
HttpRequest api_request(const Channel& channel, std::string_view method, const Parameters& parameters);

// `response` of the answer; VK refuses with HTTP 200 too. Errors: those of the transport; `unavailable` may pass;
// `conflict` with the word of the table and VK's own sentence. What VK echoes of our parameters stays out.
Result<boost::json::value> response_of(const Result<HttpReply>& reply);

// Makes the call and gives its `response`.
boost::asio::awaitable<Result<boost::json::value>> call(Channel channel, std::string method, Parameters parameters,
                                                        HttpTransport& http);

// How it was refused, as a whole or for its only recipient; empty: it was not, or with an unknown code.
std::optional<Reaction> reaction_to(const Result<HttpReply>& reply);

// What became of a message that was sent to `peer`. Sending again with the same `random_id` shows nothing twice, so
// what got no answer is tried again.
SendOutcome outcome_of(const Result<HttpReply>& reply, const std::string& peer);

// What a step before the sending means for the message, when `response_of` its reply is an error.
SendOutcome failure_of(const Result<HttpReply>& reply);

}  // namespace okno::vk
