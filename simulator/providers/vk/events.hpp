// Events on their way: Callback servers with confirmation and repetitions, and Long Poll.
#pragma once

#include "net/server.hpp"
#include "providers/vk/site.hpp"

namespace okno::sim::vk {

// Tells every working Callback server of the group that wants this type, and Long Poll.
void tell(Site& site, Group& group, const std::string& type, const json::object& object);

// VK asks the server for the confirmation code; its status follows from the answer. The code is another afterwards.
void confirm(Site& site, Group& group, std::int64_t server_id);

// GET of the Long Poll server. The lock is taken inside.
void answer_long_poll(Site& site, std::int64_t group, const net::ServerRequest& request, net::Respond respond);
// A new key: the old one is answered with `failed: 2`.
void renew_key(Group& group);

}  // namespace okno::sim::vk
