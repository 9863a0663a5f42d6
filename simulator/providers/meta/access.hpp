// Who calls the Graph: an account by its token, with the proof that it is the app's.
#pragma once

#include "net/server.hpp"
#include "providers/meta/errors.hpp"
#include "providers/meta/site.hpp"

namespace okno::sim::meta {

std::expected<Account*, Refusal> identify(Site& site, const net::ServerRequest& request);

}  // namespace okno::sim::meta
