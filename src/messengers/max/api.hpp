// Calls to MAX's bot API and what its answers mean (channels page of MAX, sections 1 and 5).
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"
#include "messengers/max/error_table.hpp"

#include <boost/json.hpp>

namespace okno::max {

using Query = std::vector<std::pair<std::string, std::string>>;

// `body` empty: none is sent. The token goes in a header, without "Bearer".
HttpRequest api_request(const Channel& channel, std::string method, const std::string& path, const Query& query = {},
                        const std::optional<boost::json::object>& body = {});

// The answer's JSON. Errors: those of the transport; `unavailable` may pass; `conflict` with the word of the table and
// MAX's own sentence, also where it says {"success": false} with HTTP 200.
Result<boost::json::value> answer_of(const Result<HttpReply>& reply);

// Makes the call and gives its answer.
boost::asio::awaitable<Result<boost::json::value>> call(HttpRequest request, HttpTransport& http);

// How it was refused; empty: it was not, or in a way that the table does not know.
std::optional<Reaction> reaction_to(const Result<HttpReply>& reply);

// What became of a message. MAX takes no key under which a message could be repeated, so what got no answer is not sent
// again by itself.
SendOutcome outcome_of(const Result<HttpReply>& reply);

// What a step before the sending means for the message, when `answer_of` its reply is an error: nothing was sent yet.
SendOutcome failure_of(const Result<HttpReply>& reply);

// Whether bytes may be fetched from or left at this address: over HTTPS, or where the API itself is.
bool is_fit_address(std::string_view url, const Channel& channel);

}  // namespace okno::max
