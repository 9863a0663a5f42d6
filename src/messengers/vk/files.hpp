// Files of VK: three steps to leave one with a message, one to fetch one (channels page of VK, section 5).
#pragma once

#include "messengers/vk/api.hpp"

#include <expected>

namespace okno::vk {

// What VK calls the file ("photo100200_57_ab12"), or what its refusal means for the message: nothing was sent yet.
using Attached = std::expected<std::string, SendOutcome>;

boost::asio::awaitable<Attached> attach_file(OutboundFile file, std::string type, std::string peer, Channel channel,
                                             HttpTransport& http);

// `media.provider_id` is the address of the bytes, which holds for some hours. No token goes there.
boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to, HttpTransport& http);

}  // namespace okno::vk
