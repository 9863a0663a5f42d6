#include "domain/retry_schedule.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace std::chrono_literals;

TEST_CASE("the provider's own wait is kept to the millisecond") { CHECK(retry_delay(6s, 1, 7, 0.9) == 6s); }

TEST_CASE("without one the wait doubles up to five minutes and never reaches nothing") {
    CHECK(retry_delay(0ms, 1, 1, 0) == 1s);
    CHECK(retry_delay(0ms, 1, 2, 0) == 2s);
    CHECK(retry_delay(0ms, 1, 1, 0.5) == 1500ms);
    for (const int tries : {9, 10, 1'000'000}) {
        CHECK(retry_delay(0ms, 1, tries, 0) == 150s);
        CHECK(retry_delay(0ms, 1, tries, 0.999) <= 5min);
    }
}

TEST_CASE("a wait that the provider wants to grow grows, but not beyond an hour") {
    CHECK(retry_delay(1s, 4, 1, 0) == 1s);
    CHECK(retry_delay(1s, 4, 2, 0) == 4s);
    CHECK(retry_delay(1s, 4, 4, 0) == 64s);
    CHECK(retry_delay(1s, 4, 1'000'000, 0) == 1h);
}
