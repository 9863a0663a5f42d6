// Files of MAX: two steps to leave one, one to fetch one (channels page of MAX, sections 2 and 4).
#pragma once

#include "messengers/max/api.hpp"

#include <expected>

namespace okno::max {

// The attachment that names the file, or what its refusal means for the message: nothing was sent yet.
using Attached = std::expected<boost::json::object, SendOutcome>;

boost::asio::awaitable<Attached> attach_file(OutboundFile file, std::string type, Channel channel, HttpTransport& http);

// `media.provider_id` is the address of the bytes, which holds for a while, or "video:" and the token of a video. Our
// token does not go to addresses.
boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to, HttpTransport& http);

}  // namespace okno::max
