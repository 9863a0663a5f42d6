// Meta's handshake with a callback URL before it is used.
#pragma once

#include "providers/whatsapp/site.hpp"

#include <functional>

namespace okno::sim::whatsapp {

// `done` gets an empty text, or why the URL was refused; it runs without the lock.
void shake_hands(Site& site, const std::string& url, const std::string& verify_token,
                 std::function<void(std::string)> done);

}  // namespace okno::sim::whatsapp
