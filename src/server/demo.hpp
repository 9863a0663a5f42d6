// `okno demo`: a sample company and the simulator of the provider, started as a program beside this one.
#pragma once

#include "server/configuration.hpp"

namespace okno::server {

// Runs until a signal; says the exit code. Without a data directory of its own the demo makes a temporary one and
// removes it at the end.
int run_demo(Configuration configuration, const std::string& simulator_listen, bool is_temporary);

}  // namespace okno::server
