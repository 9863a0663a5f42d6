// Points in time: UTC in milliseconds. Work reads the clock once, where it starts, and passes `now` on.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace okno {

using namespace std::chrono_literals;

using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

// Milliseconds since 1970, the form in which times are stored.
inline std::int64_t to_millis(Timestamp time) { return time.time_since_epoch().count(); }
inline Timestamp from_millis(std::int64_t millis) { return Timestamp{std::chrono::milliseconds{millis}}; }

// RFC 3339 in UTC with milliseconds: 2026-03-02T10:00:00.000Z.
std::string to_rfc3339(Timestamp time);
// Reads RFC 3339 in UTC ("...Z", fraction optional); empty when it is anything else.
std::optional<Timestamp> parse_rfc3339(std::string_view text);

// The real time plus an offset that only the demo and tests move, and only forward. Sessions, pacing and
// deadlines use `real_now`, so that moving the clock signs nobody out.
class Clock {
public:
    Timestamp now() const;
    static Timestamp real_now();

    // Moves `now` forward; a negative step is ignored.
    void move_forward(std::chrono::milliseconds step);
    std::chrono::milliseconds offset() const { return std::chrono::milliseconds{offset_.load()}; }

private:
    std::atomic<std::int64_t> offset_{0};
};

}  // namespace okno
