// Meta's handshake with a callback URL before it is used.
#pragma once

#include "core/core.hpp"

#include <functional>
#include <string>

namespace okno::sim {

// `done` gets an empty text, or why the URL was refused; it runs on another thread.
void shake_hands(Core& core, const std::string& url, const std::string& verify_token,
                 std::function<void(std::string)> done);

}  // namespace okno::sim
