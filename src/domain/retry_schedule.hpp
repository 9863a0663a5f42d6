// When something that did not work is tried again.
#pragma once

#include <chrono>

namespace okno {

// What is due later than that was postponed before the clock went back, and is due now.
constexpr std::chrono::milliseconds longest_retry_delay = std::chrono::hours{1};

// The provider's own wait when it named one, `growth` times as long at each further try, an hour at most; otherwise
// doubling from 2 s to 5 min. `jitter` in [0, 1) spreads those who failed together over the upper half of the wait.
// `tries` counts those already made, from 1.
std::chrono::milliseconds retry_delay(std::chrono::milliseconds named, int growth, int tries, double jitter);

}  // namespace okno
