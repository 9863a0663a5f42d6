#include "domain/pacing.hpp"

#include <doctest/doctest.h>

using namespace okno;

static const PaceTime start{std::chrono::hours(1)};

TEST_CASE("messages leave a channel evenly at its rate, also when they are taken ahead") {
    Pacing pacing;
    const auto channel = make_id<ChannelId>();
    CHECK(pacing.room(channel, 80, start, 100ms) == 9);
    for (int i = 0; i < 80; ++i)
        CHECK(pacing.take(channel, 80, start) == start + i * 12500us);
    CHECK(pacing.room(channel, 80, start, 100ms) == 0);
    CHECK(pacing.room(channel, 80, start + 1s, 100ms) == 9);
}

TEST_CASE("time that was not used is not caught up in a burst") {
    Pacing pacing;
    const auto channel = make_id<ChannelId>();
    pacing.take(channel, 10, start);
    CHECK(pacing.take(channel, 10, start + 10s) == start + 10s);
    CHECK(pacing.take(channel, 10, start + 10s) == start + 10s + 100ms);
}

TEST_CASE("a channel that was asked to wait has no place before") {
    Pacing pacing;
    const auto channel = make_id<ChannelId>();
    pacing.hold(channel, start + 5s);
    CHECK(pacing.room(channel, 80, start, 100ms) == 0);
    CHECK(pacing.take(channel, 80, start) == start + 5s);
}

TEST_CASE("a person gets a burst, then one message an interval; others are not held up") {
    Pacing pacing;
    const auto person = make_id<IdentityId>();
    for (int i = 0; i < 45; ++i)
        CHECK(pacing.take_for_person(person, 6s, 45, start) == 0ns);
    CHECK(pacing.take_for_person(person, 6s, 45, start) == 6s);
    CHECK(pacing.take_for_person(person, 6s, 45, start + 5s) == 1s);
    CHECK(pacing.take_for_person(make_id<IdentityId>(), 6s, 45, start) == 0ns);
    CHECK(pacing.take_for_person(person, 6s, 45, start + 6s) == 0ns);
    CHECK(pacing.take_for_person(person, 6s, 45, start + 6s) == 6s);
}

TEST_CASE("what was taken for a person and did not leave can be taken again") {
    Pacing pacing;
    const auto person = make_id<IdentityId>();
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 45; ++i)
            CHECK(pacing.take_for_person(person, 6s, 45, start) == 0ns);
        CHECK(pacing.take_for_person(person, 6s, 45, start) == 6s);
        for (int i = 0; i < 45; ++i)
            pacing.give_back_for_person(person, 6s);
    }
    pacing.give_back_for_person(make_id<IdentityId>(), 6s);
}

TEST_CASE("a channel that was too fast goes on at half its rate and is back to all of it within a minute") {
    Pacing pacing;
    const auto channel = make_id<ChannelId>();
    const auto gap = [&](PaceTime now) {
        const PaceTime first = pacing.take(channel, 80, now);
        return pacing.take(channel, 80, now) - first;
    };
    pacing.slow_down(channel, start);
    CHECK(pacing.room(channel, 80, start, 100ms) == 5);
    CHECK(gap(start) == 25ms);
    CHECK(gap(start + 15s) < 18ms);
    CHECK(gap(start + 30s) == 12500us);
    CHECK(pacing.room(make_id<ChannelId>(), 80, start, 100ms) == 9);
}

TEST_CASE("what many messages of one moment report slows once, what goes on slows further but never to nothing") {
    Pacing pacing;
    const auto channel = make_id<ChannelId>();
    for (int i = 0; i < 50; ++i)
        pacing.slow_down(channel, start + i * 10ms);
    CHECK(pacing.room(channel, 80, start, 100ms) == 5);
    PaceTime now = start;
    for (int i = 0; i < 50; ++i)
        pacing.slow_down(channel, now += 1s);
    CHECK(pacing.room(channel, 80, now, 1s) >= 5);
}
