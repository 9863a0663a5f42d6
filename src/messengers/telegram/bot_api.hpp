// Calls to the Bot API and what its answers mean (channels page of Telegram, sections 1 and 10).
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"

#include <boost/json.hpp>

namespace okno::telegram {

// POST /bot<token>/<method>. The token is part of the address: neither is ever logged.
HttpRequest bot_request(const Channel& channel, std::string_view method, const boost::json::object& body);
// The same with a file: every field as multipart/form-data, objects as JSON.
HttpRequest bot_upload(const Channel& channel, std::string_view method, const boost::json::object& body,
                       std::string_view field, const OutboundFile& file);
// Where the bytes of a file lie; the address holds the token too.
HttpRequest file_request(const Channel& channel, const std::string& file_path);

// `result` of the answer. Errors: those of the transport; `unavailable` may pass; `conflict` with the Bot API's words.
Result<boost::json::value> result_of(const Result<HttpReply>& reply);

// What became of a message, by the answer to the method that sent it.
SendOutcome outcome_of(const Result<HttpReply>& reply, const std::string& prefix);

// How the Bot API refused: "Bad Request: chat not found"; empty: it did not.
std::string description_of(const Result<HttpReply>& reply);

}  // namespace okno::telegram
