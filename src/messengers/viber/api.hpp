// Calls to Viber's bot API and what its answers mean (channels page of Viber, sections 1, 6 and 9).
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"
#include "messengers/viber/error_table.hpp"

namespace okno::viber {

constexpr std::size_t most_body_bytes = 30'000;  // of a whole request

// POST /pa/<method>. The token goes in a header.
HttpRequest api_request(const Channel& channel, std::string_view method, const boost::json::object& body);

// The whole answer; Viber refuses with HTTP 200 too. Errors: those of the transport; `unavailable` may pass;
// `conflict` with the word of the table and Viber's own words.
Result<boost::json::value> answer_of(const Result<HttpReply>& reply);

// Makes the call and gives its answer.
boost::asio::awaitable<Result<boost::json::value>> call(Channel channel, std::string method, boost::json::object body,
                                                        HttpTransport& http);

// Whether Viber refused it for this reason.
bool is_refused_as(const Result<HttpReply>& reply, Reaction reaction);

// What became of a message. Nothing tells a repetition from another message, so what got no answer is not repeated.
SendOutcome outcome_of(const Result<HttpReply>& reply);

}  // namespace okno::viber
