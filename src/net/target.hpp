// The target of a request line, taken apart.
#pragma once

#include "net/server.hpp"

#include <string_view>

namespace okno::net {

// Fills path and query; false when the target is no origin form or does not decode to text.
bool read_target(std::string_view target, ServerRequest& into);

}  // namespace okno::net
