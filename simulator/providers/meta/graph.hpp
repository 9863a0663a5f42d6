// The Graph API as far as Messenger and Instagram need it.
#pragma once

#include "net/server.hpp"
#include "providers/meta/site.hpp"

namespace okno::sim::meta {

// Whether a call under this path is for an account or a person of this world.
bool owns_node(const Site& site, std::string_view path);

// Takes the site's lock itself.
void answer_graph(Site& site, net::ServerRequest request, net::Respond respond);

}  // namespace okno::sim::meta
