// Readers of the live feed: thousands of WebSockets in one process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace okno::bench {

// Opens `count` of them with the tokens (commas between) in turn, prints {"connected": N}, and reads until standard
// input ends or `seconds` have passed. Then prints how many frames came, how fast between the first and the last of
// them, and how many connections the server had closed. The greeting that each gets at first does not count.
int feed_clients(std::uint16_t port, const std::string& tokens, std::size_t count, double seconds);

}  // namespace okno::bench
