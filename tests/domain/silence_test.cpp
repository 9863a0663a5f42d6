#include "domain/silence.hpp"

#include <doctest/doctest.h>

using namespace okno;

TEST_CASE("silence is unusual where each of three weeks before had a few messages at these hours") {
    CHECK(is_unusual_silence({3, 40, 5}));
    CHECK(is_unusual_silence({3, 3, 3, 9}));
}

TEST_CASE("silence is usual at night, on a day off and in a channel that is new") {
    CHECK_FALSE(is_unusual_silence({0, 0, 0}));
    CHECK_FALSE(is_unusual_silence({40, 2, 50}));
    CHECK_FALSE(is_unusual_silence({40, 50}));
    CHECK_FALSE(is_unusual_silence({}));
}
