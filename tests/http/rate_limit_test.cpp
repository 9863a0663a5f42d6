#include "http/rate_limit.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::http;

TEST_CASE("who spent the burst waits for the next, also when the clock goes back meanwhile") {
    RateLimit limit(1, 2);
    const Timestamp now = from_millis(1'795'000'000'000);
    CHECK(limit.take("key", now));
    CHECK(limit.take("key", now));
    CHECK_FALSE(limit.take("key", now));
    CHECK(limit.take("another", now));
    CHECK_FALSE(limit.take("key", now - 2h));
    CHECK(limit.take("key", now - 2h + 1s));
}

TEST_CASE("a clock that goes back takes nothing of what is left") {
    RateLimit limit(1, 2);
    const Timestamp now = from_millis(1'795'000'000'000);
    CHECK(limit.take("key", now));
    CHECK(limit.take("key", now - 2h));
}
