// Who is told that a channel does not work, when, and how often.
#include "app/alarms.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

using namespace okno;

namespace {

const Timestamp noon = *parse_rfc3339("2026-05-11T12:00:00Z");

Channel a_channel(ChannelState state, const std::string& reason = "") {
    static const ChannelId id = make_id<ChannelId>();
    Channel channel;
    channel.id = id;
    channel.name = "Support";
    channel.messenger = "telegram";
    channel.address = "555000111";
    channel.state = state;
    channel.state_reason = reason;
    channel.state_since = noon - std::chrono::minutes(1);
    return channel;
}

}  // namespace

TEST_CASE("a channel that breaks is told of once, and once when it works again") {
    Alarms alarms;
    CHECK(alarms.due({a_channel(ChannelState::connected)}, noon).empty());
    const auto broken = alarms.due({a_channel(ChannelState::broken, "Unauthorized")}, noon);
    REQUIRE(broken.size() == 1);
    CHECK(alarms.due({a_channel(ChannelState::broken)}, noon).empty());  // it is on its way
    alarms.told(broken[0]);
    CHECK(alarms.due({a_channel(ChannelState::broken)}, noon).empty());
    const auto working = alarms.due({a_channel(ChannelState::connected)}, noon);
    REQUIRE(working.size() == 1);
    CHECK(working[0].kind == AlarmKind::working);
}

TEST_CASE("what does not work when the server starts is told of, what works is not") {
    CHECK(Alarms().due({a_channel(ChannelState::connected)}, noon).empty());
    CHECK(Alarms().due({a_channel(ChannelState::broken)}, noon).size() == 1);
}

TEST_CASE("a channel that went quiet is told of with the time since when") {
    Alarms alarms;
    alarms.due({a_channel(ChannelState::connected)}, noon);
    Channel quiet = a_channel(ChannelState::connected);
    quiet.silent_since = noon - std::chrono::hours(2);
    const auto due = alarms.due({quiet}, noon);
    REQUIRE(due.size() == 1);
    const auto body = boost::json::parse(due[0].body());
    CHECK(body.at("event").as_string() == "channel.quiet");
    CHECK(body.at("since").as_string() == "2026-05-11T10:00:00.000Z");
    CHECK(body.at("reason").is_null());
}

TEST_CASE("an alarm says which channel, since when and why") {
    const Alarm alarm{AlarmKind::broken, a_channel(ChannelState::broken, "Unauthorized")};
    const auto body = boost::json::parse(alarm.body());
    CHECK(body.at("event").as_string() == "channel.broken");
    CHECK(body.at("since").as_string() == "2026-05-11T11:59:00.000Z");
    CHECK(body.at("reason").as_string() == "Unauthorized");
    CHECK(body.at("channel").at("name").as_string() == "Support");
    CHECK(body.at("channel").at("messenger").as_string() == "telegram");
}

TEST_CASE("an alarm that did not arrive is tried again later and later, and a newer state takes its place") {
    Alarms alarms;
    Timestamp now = noon;
    std::chrono::milliseconds before{0};
    for (int i = 0; i < 3; ++i) {
        const auto due = alarms.due({a_channel(ChannelState::broken)}, now);
        REQUIRE(due.size() == 1);
        alarms.not_told(due[0], now);
        std::chrono::milliseconds pause{0};
        while (alarms.due({a_channel(ChannelState::paused)}, now).empty() &&
               Alarms(alarms).due({a_channel(ChannelState::broken)}, now + pause).empty())
            pause += std::chrono::seconds(1);
        CHECK(pause > before);
        before = pause;
        now += pause;
    }
    // It was never told, and works again: nobody has to know.
    CHECK(alarms.due({a_channel(ChannelState::connected)}, now).empty());
}

TEST_CASE("what an admin paused is left as it was told") {
    Alarms alarms;
    const auto broken = alarms.due({a_channel(ChannelState::broken)}, noon);
    REQUIRE(broken.size() == 1);
    alarms.told(broken[0]);
    CHECK(alarms.due({a_channel(ChannelState::paused)}, noon).empty());
    CHECK(alarms.due({a_channel(ChannelState::connected)}, noon).size() == 1);
}
