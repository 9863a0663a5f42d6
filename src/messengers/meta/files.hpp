// Files: uploaded before a message names them, fetched from the address that the webhook told.
#pragma once

#include "app/ports/messenger.hpp"

#include <expected>

namespace okno::meta {

// The id under which a message can name the file, or what becomes of the message.
using Uploaded = std::expected<std::string, SendOutcome>;
boost::asio::awaitable<Uploaded> upload_file(OutboundFile file, std::string type, Channel channel, HttpTransport& http);

// The address is signed and needs no token.
boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to, HttpTransport& http);

}  // namespace okno::meta
