// So many a minute for each key (an address, an e-mail, a token), with a burst.
#pragma once

#include "base/time.hpp"

#include <mutex>
#include <string>
#include <unordered_map>

namespace okno::http {

class RateLimit {
public:
    RateLimit(double per_second, double burst) : per_second_(per_second), burst_(burst) {}

    // Takes one; false when there is none left. `now` is real time. Safe from any thread.
    bool take(const std::string& key, Timestamp now);

private:
    struct Bucket {
        double left = 0;
        Timestamp at;
    };
    std::mutex mutex_;
    std::unordered_map<std::string, Bucket> buckets_;
    double per_second_;
    double burst_;
};

}  // namespace okno::http
