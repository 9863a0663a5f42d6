// How many files and connections this process may hold open.
#pragma once

#include <cstddef>

namespace okno::server {

// Raises the soft limit to the hard one, as services are started with 1,024 for the sake of select(). Gives the limit.
std::size_t raise_open_files();

}  // namespace okno::server
