// Who goes first in a burst: acknowledging or applying.
#include "app/give_way.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace std::chrono_literals;

namespace {

// Applies a batch for 10 ms while webhooks are acknowledged after `wait` each.
GiveWay::Clock::duration rest(GiveWay& way, GiveWay::Clock::duration wait, GiveWay::Clock::time_point now) {
    for (int i = 0; i < 100; ++i)
        way.acknowledged(wait);
    return way.rest_after(10ms, now);
}

constexpr GiveWay::Clock::time_point start{1h};

}  // namespace

TEST_CASE("applying does not rest while webhooks are acknowledged at once, or when none come") {
    GiveWay way;
    CHECK(rest(way, 1ms, start) == 0ms);
    CHECK(way.rest_after(10ms, start) == 0ms);
    CHECK(!way.is_giving_way());
}

TEST_CASE("while acknowledging is slow, applying takes a fifth of the time, for five seconds") {
    GiveWay way;
    CHECK(rest(way, 5ms, start) == 40ms);
    CHECK(way.is_giving_way());
    CHECK(rest(way, 5ms, start + 4999ms) == 40ms);
    CHECK(rest(way, 5ms, start + 5s) == 0ms);
    CHECK(rest(way, 5ms, start + 60s) == 0ms);
}

TEST_CASE("the next burst is acknowledged first again, when acknowledging was quick or all was applied between") {
    GiveWay way;
    rest(way, 5ms, start);
    CHECK(rest(way, 1ms, start + 6s) == 0ms);
    CHECK(rest(way, 5ms, start + 7s) == 40ms);
    way.caught_up();
    CHECK(rest(way, 5ms, start + 20s) == 40ms);
}
