// Which addresses belong to private networks, so that a user-given address cannot reach them (SSRF).
#pragma once

#include <sys/socket.h>

namespace okno::net {

// Loopback, private, link-local, shared (CGNAT), multicast, reserved and unspecified addresses, also when an IPv6
// address carries them. Anything but IPv4 and IPv6 counts as private.
bool is_private_address(const sockaddr& address);

}  // namespace okno::net
