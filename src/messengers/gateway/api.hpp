// Calls to a gateway and what its answers mean, whatever its shape (channels page of the gateway, sections 1 and 6).
#pragma once

#include "messengers/gateway/shape.hpp"

namespace okno::gateway {

// The name of the session at the gateway.
std::string session_of(const Channel& channel);
// The gateway's address without a slash at the end.
std::string base_of(const Channel& channel);

// A request of the channel to `url`, through its proxy; the shapes add their keys.
HttpRequest plain_request(const Channel& channel, const Call& call, std::string url);

// The answer's document; null for an empty one. Errors: those of the transport; `unavailable` may pass; `conflict` with
// the word of the table and the gateway's own sentence.
boost::asio::awaitable<Result<boost::json::value>> perform(Channel channel, Call call, HttpTransport& http);

// How it was refused; empty: it was not, or in a way that the page does not name.
std::optional<Reaction> reaction_to(const Shape& shape, const Result<HttpReply>& reply);

// What became of a message; `prepared_id` as in Rendered. Without one, what got no answer may have arrived.
SendOutcome outcome_of(const Shape& shape, const Result<HttpReply>& reply, const std::string& prepared_id);

// Saves what `request` asks for. Error `media_gone`: it is there no more.
boost::asio::awaitable<Result<void>> bring(HttpRequest request, std::string save_to, HttpTransport& http);

}  // namespace okno::gateway
