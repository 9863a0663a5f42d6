#include "domain/retry_schedule.hpp"

#include <algorithm>
#include <cstdint>

namespace okno {

using namespace std::chrono_literals;

static std::chrono::milliseconds grown(const std::chrono::milliseconds named, int growth, int tries) {
    if (growth <= 1 || named >= longest_retry_delay) return std::min(named, longest_retry_delay);
    std::chrono::milliseconds wait = named;
    for (int i = 1; i < tries && wait < longest_retry_delay; ++i)
        wait *= growth;
    return std::min(wait, longest_retry_delay);
}

std::chrono::milliseconds retry_delay(std::chrono::milliseconds named, int growth, int tries, double jitter) {
    if (named > 0ms) return grown(named, growth, tries);
    const int doublings = std::clamp(tries - 1, 0, 8);
    const std::chrono::milliseconds whole = std::min<std::chrono::milliseconds>(2s * (1 << doublings), 5min);
    const auto half = static_cast<double>(whole.count()) / 2;
    return std::chrono::milliseconds{static_cast<std::int64_t>(half + half * jitter)};
}

}  // namespace okno
