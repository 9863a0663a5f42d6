// Calls to the Bot API and what its answers mean (channels page of Telegram, sections 1, 6 and 10).
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"
#include "messengers/telegram/error_table.hpp"

#include <boost/json.hpp>

namespace okno::telegram {

// POST /bot<token>/<method>. The token is part of the address: neither is ever logged.
HttpRequest bot_request(const Channel& channel, std::string_view method, const boost::json::object& parameters);
// The same with a file: every parameter as multipart/form-data, objects as JSON.
HttpRequest bot_upload(const Channel& channel, std::string_view method, const boost::json::object& parameters,
                       std::string_view field, const OutboundFile& file);
// Where the bytes of a file lie; the address holds the token too.
HttpRequest file_request(const Channel& channel, const std::string& file_path);

// How the Bot API refused. `words` in its own: "Bad Request: chat not found".
struct Refusal {
    int code = 0;
    std::string words;
    std::chrono::seconds retry_after{0};
};
// Empty: it did not refuse, or nobody knows whether it did.
std::optional<Refusal> refusal_of(const Result<HttpReply>& reply);

// `result` of the answer. Errors: those of the transport; `unavailable` may pass; `conflict` with the Bot API's words.
Result<boost::json::value> result_of(const Result<HttpReply>& reply);

// A call that answers later; the values are copied, so nothing has to outlive it.
boost::asio::awaitable<Result<boost::json::value>> ask(Channel channel, std::string method,
                                                       boost::json::object parameters, HttpTransport& http);

// What to do about a refusal that is known. Empty: there is none, or it is not.
std::optional<Reaction> reaction_to(const Result<HttpReply>& reply);

// What became of a message, by the answer to the method that sent it; `prefix` is the chat's (Chat::prefix).
SendOutcome outcome_of(const Result<HttpReply>& reply, const std::string& prefix);

}  // namespace okno::telegram
