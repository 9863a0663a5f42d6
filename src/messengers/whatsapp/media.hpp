// Files through the Cloud API: uploaded before a message names them, fetched by their id.
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"

#include <expected>
#include <string_view>

namespace okno::whatsapp {

// Whether the access token may be sent to this address: the channel's API host, Meta's media hosts, or one of the
// setting `media_hosts`.
bool may_get_token(std::string_view url, const Channel& channel);

// The id under which a message can name the file, or what becomes of the message: nothing of it has left, so that it
// is never Unanswered.
using Uploaded = std::expected<std::string, SendOutcome>;
boost::asio::awaitable<Uploaded> upload_file(OutboundFile file, Channel channel, HttpTransport& http);

boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to, HttpTransport& http);

// The document of a reply, or the provider's words as an error; `unavailable` when trying again may help. `if_broken`
// is for a token or an account that an admin must see to.
Result<boost::json::value> read_reply(const Result<HttpReply>& reply, ErrorKind if_broken = ErrorKind::conflict);

}  // namespace okno::whatsapp
