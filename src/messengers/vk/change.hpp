// Changes of what the community has written (channels page of VK, section 5).
#pragma once

#include "messengers/vk/api.hpp"

namespace okno::vk {

boost::asio::awaitable<SendOutcome> make_change(OutboundChange change, Channel channel, HttpTransport& http);

}  // namespace okno::vk
