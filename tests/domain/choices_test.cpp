#include "domain/choices.hpp"

#include <doctest/doctest.h>

using namespace okno;

static const std::vector<Choice> three{{"a", "Today"}, {"b", "Tomorrow"}, {"c", "Never"}};

TEST_CASE("a number means the choice at that place, however people write it") {
    for (const char* answer : {"2", " 2 ", "2.", "2)", "2).", "№2", "№ 2", "#2", "02"}) {
        CAPTURE(answer);
        const auto meant = choice_meant(answer, three);
        REQUIRE(meant);
        CHECK(meant->id == "b");
        CHECK(may_be_number(answer));
    }
}

TEST_CASE("what is no number of a choice means none") {
    for (const char* answer : {"", " ", "0", "4", "-1", "2 pieces", "two", "2.5", "12:30", "№", "99999999999",
                               "1000000000000000000000000"}) {
        CAPTURE(answer);
        CHECK(!choice_meant(answer, three));
    }
    CHECK(!may_be_number("Good day"));
    CHECK(!may_be_number("+79161234567"));
}
