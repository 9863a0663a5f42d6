#include "domain/retry_schedule.hpp"

#include <algorithm>
#include <cstdint>

namespace okno {

using namespace std::chrono_literals;

std::chrono::milliseconds retry_delay(std::chrono::milliseconds named, int tries, double jitter) {
    if (named > 0ms) return named;
    const int doublings = std::clamp(tries - 1, 0, 8);
    const std::chrono::milliseconds whole = std::min<std::chrono::milliseconds>(2s * (1 << doublings), 5min);
    const auto half = static_cast<double>(whole.count()) / 2;
    return std::chrono::milliseconds{static_cast<std::int64_t>(half + half * jitter)};
}

}  // namespace okno
