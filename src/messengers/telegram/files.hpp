// Fetching what people sent (channels page of Telegram, section 8).
#pragma once

#include "app/ports/messenger.hpp"

namespace okno::telegram {

// As Messenger::fetch_media.
boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to, HttpTransport& http);

}  // namespace okno::telegram
