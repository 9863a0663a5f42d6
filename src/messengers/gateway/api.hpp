// Calls to a gateway's API and what its answers mean (channels page of the gateway, sections 1 and 6).
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"
#include "messengers/gateway/error_table.hpp"

#include <boost/json.hpp>

namespace okno::gateway {

// The name of the session at the gateway.
std::string session_of(const Channel& channel);
// The gateway's address without a slash at the end.
std::string base_of(const Channel& channel);

// `path` begins with a slash; `body` null: none.
HttpRequest api_request(const Channel& channel, std::string method, const std::string& path,
                        const boost::json::value& body = nullptr);

// The answer's document; null for an empty one. Errors: those of the transport; `unavailable` may pass; `conflict` with
// the word of the table and the gateway's own sentence.
Result<boost::json::value> document_of(const Result<HttpReply>& reply);

boost::asio::awaitable<Result<boost::json::value>> call(Channel channel, std::string method, std::string path,
                                                        boost::json::value body, HttpTransport& http);

// How it was refused; empty: it was not, or in a way that the page does not name.
std::optional<Reaction> reaction_to(const Result<HttpReply>& reply);

// What became of a message. `prepared_id`: the id that we gave it, by which the gateway knows it again when it is sent
// once more; empty: the gateway makes one, so that what got no answer may have arrived.
SendOutcome outcome_of(const Result<HttpReply>& reply, const std::string& prepared_id);

}  // namespace okno::gateway
