// groups.* and users.get.
#pragma once

#include "providers/vk/call.hpp"

namespace okno::sim::vk {

Answer get_users(Site& site, const Call& call);
Answer get_group(Site& site, const Call& call);
Answer token_permissions(Site& site, const Call& call);
Answer confirmation_code(Site& site, const Call& call);
Answer add_server(Site& site, const Call& call);
Answer edit_server(Site& site, const Call& call);
Answer delete_server(Site& site, const Call& call);
Answer list_servers(Site& site, const Call& call);
Answer set_callback_settings(Site& site, const Call& call);
Answer long_poll_server(Site& site, const Call& call);
Answer set_long_poll_settings(Site& site, const Call& call);

}  // namespace okno::sim::vk
