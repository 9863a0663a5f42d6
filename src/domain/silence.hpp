// Whether nothing coming from a channel is unusual, judged by the same hours of weeks before.
#pragma once

#include "base/time.hpp"

#include <vector>

namespace okno {

// How long nothing must have come before it is thought about.
constexpr auto silence_looked_at = std::chrono::hours{2};
// Weeks before that are compared; with fewer nothing is known.
constexpr int weeks_compared = 3;

// `before`: how many messages came in the same hours of each week before. Unusual is silence where each of them had a
// few: nights, days off and new channels are not.
bool is_unusual_silence(const std::vector<int>& before);

}  // namespace okno
