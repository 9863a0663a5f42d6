// Links under which a gateway gives its files away.
#pragma once

#include "providers/gateway/site.hpp"

namespace okno::sim::gateway {

// WAHA's: a new one, if the one it had is over.
void renew_link(Site& site, File& file);
// Where Green-API's store has it, for two weeks; made when it is asked for first.
std::string store_address(Site& site, File& file);
// Null: no file has this link now.
const File* file_at(const Site& site, std::string_view link);

}  // namespace okno::sim::gateway
