// How fast messages leave, whenever they are asked for.
#include "domain/pacing.hpp"
#include "domain/retry_schedule.hpp"

#include "properties/holds.hpp"

using namespace okno;
using okno::tests::holds;

static const PaceTime start{std::chrono::hours(1)};

// Moments that go forward by nothing, a little or much.
static std::vector<PaceTime> any_moments() {
    std::vector<PaceTime> moments;
    PaceTime now = start;
    for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 2000))) {
        now += std::chrono::milliseconds(step < 1000 ? 0 : step % 100);
        moments.push_back(now);
    }
    return moments;
}

TEST_CASE("in no interval leave more messages of a channel than its rate allows, and one") {
    CHECK(holds([] {
        Pacing pacing;
        const auto channel = make_id<ChannelId>();
        const double rate = *rc::gen::inRange(1, 1000);
        const std::chrono::nanoseconds gap(static_cast<std::int64_t>(1e9 / rate));
        std::vector<PaceTime> places;
        for (const PaceTime now : any_moments()) {
            if (*rc::gen::inRange(0, 10) == 0) pacing.slow_down(channel, now);
            if (*rc::gen::inRange(0, 20) == 0) pacing.hold(channel, now + 50ms);
            places.push_back(pacing.take(channel, rate, now));
            RC_ASSERT(places.back() >= now);
        }
        // Places a gap apart at least hold every interval d within d / gap + 1.
        for (std::size_t i = 1; i < places.size(); ++i)
            RC_ASSERT(places[i] - places[i - 1] >= gap);
    }));
}

TEST_CASE("no message of a channel waits longer than those before it and a pause that was asked for") {
    CHECK(holds([] {
        Pacing pacing;
        const auto channel = make_id<ChannelId>();
        const double rate = *rc::gen::inRange(1, 1000);
        // A channel that was too fast keeps a sixteenth of its rate at least.
        const std::chrono::nanoseconds slowest(static_cast<std::int64_t>(16e9 / rate) + 16);
        PaceTime free = start;
        for (const PaceTime now : any_moments()) {
            if (*rc::gen::inRange(0, 5) == 0) pacing.slow_down(channel, now);
            const PaceTime place = pacing.take(channel, rate, now);
            RC_ASSERT(place <= std::max(now, free));
            free = place + slowest;
        }
    }));
}

TEST_CASE("room says how many places there are, and taking them takes no more") {
    CHECK(holds([] {
        Pacing pacing;
        const auto channel = make_id<ChannelId>();
        const double rate = *rc::gen::inRange(1, 500);
        for (const PaceTime now : any_moments()) {
            const int room = pacing.room(channel, rate, now, 100ms);
            for (int i = 0; i < room; ++i)
                RC_ASSERT(pacing.take(channel, rate, now) <= now + 100ms);
            RC_ASSERT(pacing.room(channel, rate, now, 100ms) == 0);
        }
    }));
}

TEST_CASE("a person gets in no interval more than the burst and one each interval, and always the next one in time") {
    CHECK(holds([] {
        Pacing pacing;
        const auto person = make_id<IdentityId>();
        const std::chrono::milliseconds interval(*rc::gen::inRange(1, 100));
        const int burst = *rc::gen::inRange(1, 10);
        std::vector<PaceTime> given;
        for (const PaceTime now : any_moments()) {
            const auto wait = pacing.take_for_person(person, interval, burst, now);
            RC_ASSERT(wait >= 0ns);
            RC_ASSERT(wait <= interval);
            if (wait == 0ns) given.push_back(now);
        }
        for (std::size_t first = 0; first < given.size(); ++first)
            for (std::size_t last = first; last < given.size(); ++last) {
                const auto count = static_cast<std::int64_t>(last - first) + 1;
                RC_ASSERT(count <= burst + (given[last] - given[first]) / interval);
            }
        if (given.empty()) return;
        // Who waits as long as they are told gets their turn.
        PaceTime now = given.back();
        const auto wait = pacing.take_for_person(person, interval, burst, now);
        if (wait > 0ns) RC_ASSERT(pacing.take_for_person(person, interval, burst, now + wait) == 0ns);
    }));
}

TEST_CASE("our own wait is between 1 s and 5 min and never gets shorter with the tries") {
    CHECK(holds([] {
        const double jitter = *rc::gen::inRange(0, 1000) / 1000.0;
        std::chrono::milliseconds before(0);
        for (int tries = 1; tries < 40; ++tries) {
            const auto wait = retry_delay(0ms, *rc::gen::inRange(1, 10), tries, jitter);
            RC_ASSERT(wait >= 1s);
            RC_ASSERT(wait <= 5min);
            RC_ASSERT(wait >= before);
            before = wait;
        }
    }));
}

TEST_CASE("a wait that the provider names is kept up to an hour, and grows to an hour at most") {
    CHECK(holds([] {
        const std::chrono::milliseconds named(*rc::gen::inRange<std::int64_t>(1, 3 * 3'600'000));
        const int growth = *rc::gen::inRange(1, 100);
        std::chrono::milliseconds before(0);
        for (int tries = 1; tries < 40; ++tries) {
            const auto wait = retry_delay(named, growth, tries, *rc::gen::inRange(0, 1000) / 1000.0);
            RC_ASSERT(wait >= std::min<std::chrono::milliseconds>(named, 1h));
            RC_ASSERT(wait <= longest_retry_delay);
            RC_ASSERT(wait >= before);
            before = wait;
        }
        RC_ASSERT(retry_delay(named, 1, *rc::gen::inRange(1, 1000), 0.5) ==
                  std::min<std::chrono::milliseconds>(named, 1h));
    }));
}
