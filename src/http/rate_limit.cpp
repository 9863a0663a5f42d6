#include "http/rate_limit.hpp"

#include <algorithm>

namespace okno::http {

bool RateLimit::take(const std::string& key, Timestamp now) {
    const std::scoped_lock lock(mutex_);
    constexpr std::size_t most_keys = 100'000;
    const auto filled = [&](const Bucket& bucket) {
        // A clock that went back takes nothing away.
        const double seconds = std::max(0.0, std::chrono::duration<double>(now - bucket.at).count());
        return std::min(burst_, bucket.left + seconds * per_second_);
    };
    if (buckets_.size() > most_keys)
        std::erase_if(buckets_, [&](const auto& one) { return filled(one.second) >= burst_; });
    Bucket& bucket = buckets_.try_emplace(key, Bucket{burst_, now}).first->second;
    bucket.left = filled(bucket);
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
}

}  // namespace okno::http
