#include "domain/sending_hours.hpp"

#include <doctest/doctest.h>

using namespace okno;

static Timestamp at(const char* text) { return *parse_rfc3339(text); }

// Monday to Friday, 9 to 18 in Moscow. 2026-05-11 is a Monday.
static SendingHours office() {
    return {.days = {true, true, true, true, true, false, false}, .from = 9h, .to = 18h, .utc_offset = 3h};
}

TEST_CASE("hours begin at their first minute and are over at their last, by their own clock") {
    CHECK_FALSE(is_open(office(), at("2026-05-11T05:59:59.999Z")));
    CHECK(is_open(office(), at("2026-05-11T06:00:00Z")));
    CHECK(is_open(office(), at("2026-05-11T14:59:59.999Z")));
    CHECK_FALSE(is_open(office(), at("2026-05-11T15:00:00Z")));
}

TEST_CASE("a day of the week is that of their own clock") {
    SendingHours all_day{.days = {true, false, false, false, false, false, false}, .utc_offset = 3h};
    CHECK(is_open(all_day, at("2026-05-10T21:00:00Z")));
    CHECK_FALSE(is_open(all_day, at("2026-05-11T21:00:00Z")));
}

TEST_CASE("the next opening is now, today, tomorrow or after the weekend") {
    CHECK(next_opening(office(), at("2026-05-11T10:00:00Z")) == at("2026-05-11T10:00:00Z"));
    CHECK(next_opening(office(), at("2026-05-11T02:00:00Z")) == at("2026-05-11T06:00:00Z"));
    CHECK(next_opening(office(), at("2026-05-11T15:00:00Z")) == at("2026-05-12T06:00:00Z"));
    CHECK(next_opening(office(), at("2026-05-15T15:00:00Z")) == at("2026-05-18T06:00:00Z"));
}

TEST_CASE("one day a week opens again in a week") {
    const SendingHours mondays{.days = {true, false, false, false, false, false, false}, .from = 9h, .to = 10h};
    CHECK(next_opening(mondays, at("2026-05-11T10:00:00Z")) == at("2026-05-18T09:00:00Z"));
}

TEST_CASE("times of a day and offsets are read as they are written, and nothing else is") {
    CHECK(read_time_of_day("09:30") == 9h + 30min);
    CHECK(read_time_of_day("24:00") == 24h);
    for (const char* wrong : {"", "9:30", "24:01", "12:60", "12-30", "ab:cd", "12:300"})
        CHECK_FALSE(read_time_of_day(wrong));
    CHECK(read_utc_offset("-09:30") == -(9h + 30min));
    for (const char* wrong : {"", "03:00", "+15:00", "+3:00"})
        CHECK_FALSE(read_utc_offset(wrong));
    CHECK(write_utc_offset(-(9h + 30min)) == "-09:30");
    CHECK(write_time_of_day(5min) == "00:05");
}

TEST_CASE("people are told the days only when they are not all") {
    CHECK(words_of({.from = 9h, .to = 21h, .utc_offset = 3h}) == "from 09:00 to 21:00 (UTC+03:00)");
    CHECK(words_of(office()) == "from 09:00 to 18:00 (UTC+03:00), Mon, Tue, Wed, Thu, Fri");
}
