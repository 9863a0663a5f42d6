// Files of Viber: it fetches ours from an address, and so do we its (channels page of Viber, sections 3 and 6).
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"

namespace okno::viber {

// JPEG and PNG of at most 1 MB: everything larger or of another kind goes as a file.
bool is_picture(std::string_view type, std::string_view mime, std::int64_t size);

// Whether the text stands under the picture; else it is a message of its own after the file.
bool is_caption(std::string_view type, const OutboundFile& file, std::string_view text);

// `type`, `media` and what belongs to it. `is_plain`: as a file whatever it is. Errors: `no_public_address`,
// `media_not_accepted`.
Result<boost::json::object> file_members(const OutboundMessage& message, bool is_plain);

// `media.provider_id` is the address of the bytes, which holds for about an hour, or "sticker:40101". No token goes
// there.
boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to, HttpTransport& http);

}  // namespace okno::viber
