// What watching a session leads to.
#include "messengers/gateway/watch.hpp"

#include "messengers/gateway/a_session.hpp"
#include "messengers/gateway/parse.hpp"
#include "messengers/gateway/waha/waha.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::gateway;

namespace {

constexpr auto a_minute = 60s;
const std::string number = "79001112233";
const Timestamp noon = *parse_rfc3339("2026-05-11T12:00:00Z");

Look seen(const std::string& status, const std::string& linked = number) {
    return {Session{waha::state_of(status), status, linked}, {}};
}

// One look after the other.
struct Watching {
    Watch watch;
    Timestamp now = noon;
    Step last;

    const Step& look(const Look& at, std::chrono::milliseconds later = a_minute) {
        now += later;
        last = step(watch, at, number, a_minute, now);
        watch = last.after;
        return last;
    }
    const Step& look(const std::string& status) { return look(seen(status)); }
    // So long that what came just before its end came after it was connected. Answers when it was last seen working.
    Timestamp work_a_while() {
        for (int minute = 0; minute < 30; ++minute)
            look("WORKING");
        return now;
    }
    bool is_broken() const { return last.notice && last.notice->kind == ChannelNotice::Kind::broken; }
    bool is_working() const { return last.notice && last.notice->kind == ChannelNotice::Kind::working; }
};

}  // namespace

TEST_CASE("what is remembered survives as text") {
    Watch watch{.told = "FAILED",
                .told_at = noon,
                .looked_at = noon,
                .well_at = noon - 1h,
                .well_since = noon - 2h,
                .silent_at = noon,
                .begun_at = noon - 3h,
                .restart_at = noon + 1min,
                .restarts = 2};
    CHECK(read_watch(write_watch(watch)) == watch);
    CHECK(read_watch("") == Watch{});
    CHECK(read_watch("no JSON") == Watch{});
}

TEST_CASE("an outage that began and ended between two looks is made up for too") {
    Watching watching;
    const Timestamp well_at = watching.work_a_while();
    Look back = seen("WORKING");
    back.changed_at = well_at + 20s;
    watching.look(back);
    CHECK(watching.last.fetch_since == well_at - 10min);
    watching.look(back);
    CHECK_FALSE(watching.last.fetch_since);
}

TEST_CASE("what was written before the channel was connected is never fetched") {
    Watching watching;
    watching.look("WORKING");
    const Timestamp begun_at = watching.now;
    watching.look("FAILED");
    watching.look("WORKING");
    CHECK(watching.last.fetch_since == begun_at);
}

TEST_CASE("a session that works says so once and then every ten minutes, and fetches nothing") {
    Watching watching;
    watching.look("WORKING");
    CHECK(watching.is_working());
    for (int minute = 1; minute < 10; ++minute) {
        watching.look("WORKING");
        CHECK_FALSE(watching.last.notice);
        CHECK_FALSE(watching.last.fetch_since);
    }
    watching.look("WORKING");
    CHECK(watching.is_working());
}

TEST_CASE("after a break what was written since it last worked is fetched, and a little before") {
    Watching watching;
    const Timestamp well_at = watching.work_a_while();
    watching.look("SCAN_QR_CODE");
    CHECK(watching.is_broken());
    watching.look("SCAN_QR_CODE");
    CHECK_FALSE(watching.last.notice);
    watching.look("STARTING");
    watching.look("WORKING");
    CHECK(watching.is_working());
    REQUIRE(watching.last.fetch_since);
    CHECK(*watching.last.fetch_since == well_at - 10min);
    watching.look("WORKING");
    CHECK_FALSE(watching.last.fetch_since);
}

TEST_CASE("when Okno itself was away it fetches likewise") {
    Watching watching;
    const Timestamp well_at = watching.work_a_while();
    watching.look(seen("WORKING"), 4 * a_minute);
    CHECK(watching.last.fetch_since == well_at - 10min);
}

TEST_CASE("what came while the gateway was silent for a moment is fetched, though nobody was told") {
    Watching watching;
    watching.look("WORKING");
    watching.look(Look{});
    watching.look("WORKING");
    CHECK_FALSE(watching.last.notice);
    CHECK(watching.last.fetch_since);
}

TEST_CASE("a failed session is started again after 1, 5 and 15 minutes, and then counts as blocked") {
    Watching watching;
    watching.look("WORKING");
    std::vector<std::chrono::milliseconds> restarts;
    Timestamp failed_at = watching.now + a_minute;
    for (int minute = 0; minute < 60 && restarts.size() < 3; ++minute) {
        watching.look("FAILED");
        if (!watching.last.restarts) continue;
        restarts.push_back(watching.now - failed_at);
        failed_at = watching.now + a_minute;
    }
    CHECK(restarts == std::vector<std::chrono::milliseconds>{1min, 5min, 15min});
    watching.look("FAILED");
    CHECK(watching.is_broken());
    CHECK(watching.last.notice->reason.starts_with("Blocked"));
    for (int minute = 0; minute < 60; ++minute)
        CHECK_FALSE(watching.look("FAILED").restarts);
}

TEST_CASE("a session that worked for a while begins with new tries") {
    Watching watching;
    watching.look("WORKING");
    watching.look("FAILED");
    CHECK(watching.look("FAILED").restarts);
    CHECK(watching.watch.restarts == 1);
    watching.look("WORKING");
    CHECK(watching.watch.restarts == 1);
    for (int minute = 0; minute < 15; ++minute)
        watching.look("WORKING");
    CHECK(watching.watch.restarts == 0);
}

TEST_CASE("who was logged out is not started again: a person has to link the phone") {
    Watching watching;
    watching.look("WORKING");
    for (int minute = 0; minute < 60; ++minute)
        CHECK_FALSE(watching.look("SCAN_QR_CODE").restarts);
}

TEST_CASE("another number on the session stops the channel until the right one is back") {
    Watching watching;
    watching.look("WORKING");
    watching.look(seen("WORKING", "79990000000"));
    CHECK(watching.is_broken());
    CHECK(watching.last.notice->reason.find("+79990000000") != std::string::npos);
    watching.look("WORKING");
    CHECK(watching.is_working());
}

TEST_CASE("a silent gateway is told after five minutes, a refusing one at once in its own words") {
    Watching watching;
    watching.look("WORKING");
    for (int minute = 0; minute < 5; ++minute) {
        watching.look(Look{});
        CHECK_FALSE(watching.last.notice);
    }
    watching.look(Look{});
    CHECK(watching.is_broken());
    watching.look(Look{std::nullopt, "Unauthorized"});
    CHECK(watching.is_broken());
    CHECK(watching.last.notice->reason.find("Unauthorized") != std::string::npos);
    watching.look("WORKING");
    CHECK(watching.is_working());
    CHECK(watching.last.fetch_since);
}

// The polling itself.

namespace {

std::string out_for(Timestamp well_at) {
    return write_watch(
        {.told = "FAILED", .told_at = Clock::real_now(), .looked_at = Clock::real_now(), .well_at = well_at});
}

std::string message(const std::string& id, const std::string& chat, int at) {
    return R"({"id":"false_)" + chat + "_" + id + R"(","timestamp":)" + std::to_string(at) + R"(,"from":")" + chat +
           R"(","to":"79001112233@c.us","fromMe":false,"body":")" + id + R"(","hasMedia":false})";
}

}  // namespace

TEST_CASE("what was missed comes in the order in which it was written, over all chats") {
    RecordedReplies http;
    http.answer(200, status_of("WORKING"));
    http.answer(200, R"([{"id":"791@c.us","lastMessage":{"timestamp":2000000300}},
        {"id":"120363@g.us","lastMessage":{"timestamp":2000000300}},
        {"id":"792@c.us","lastMessage":{"timestamp":2000000200}},
        {"id":"793@c.us","lastMessage":{"timestamp":5}}])");
    http.answer(200, "[" + message("A1", "791@c.us", 2000000100) + "," + message("A3", "791@c.us", 2000000300) + "]");
    http.answer(200, "[" + message("B2", "792@c.us", 2000000200) + "]");
    const Timestamp well_at = Clock::real_now() - 1h;
    const auto polled = wait_for(GatewayMessenger{}.poll(a_session(), out_for(well_at), http));
    REQUIRE(polled);
    REQUIRE(polled->bodies.size() == 4);
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto parsed = parse(polled->bodies[i]);
        const auto& inbound = std::get<InboundMessage>(parsed.events.at(0).what);
        CHECK(inbound.is_late);
        ids.push_back(inbound.provider_id.value());
    }
    CHECK(ids == std::vector<std::string>{"A1", "B2", "A3"});
    const auto notice = parse(polled->bodies[3]);
    CHECK(std::get<ChannelNotice>(notice.events.at(0).what).kind == ChannelNotice::Kind::working);
    CHECK(polled->pause == 60s);
    CHECK(read_watch(polled->cursor).told == "WORKING");
    REQUIRE(http.asked.size() == 4);
    CHECK(http.asked[2].url.find("filter.timestamp.gte=") != std::string::npos);
}

TEST_CASE("a history that does not come leaves the place where it was") {
    RecordedReplies http;
    http.answer(200, status_of("WORKING"));
    http.answer(503, "");
    CHECK_FALSE(wait_for(GatewayMessenger{}.poll(a_session(), out_for(Clock::real_now() - 1h), http)));
}

TEST_CASE("a failed session is started again when it is time") {
    RecordedReplies http;
    http.answer(200, status_of("FAILED"));
    http.answer(201, "{}");
    const Watch watch{.told = "FAILED",
                      .told_at = Clock::real_now(),
                      .looked_at = Clock::real_now(),
                      .restart_at = Clock::real_now() - 1s};
    const auto polled = wait_for(GatewayMessenger{}.poll(a_session(), write_watch(watch), http));
    REQUIRE(polled);
    CHECK(polled->bodies.empty());
    CHECK(http.asked.at(1).url.ends_with("/api/sessions/sales/restart"));
    CHECK(read_watch(polled->cursor).restarts == 1);
}

TEST_CASE("an admin may have it watched more often") {
    RecordedReplies http;
    http.answer(200, status_of("WORKING"));
    Channel channel = a_session();
    channel.settings["watch_seconds"] = "5";
    CHECK(wait_for(GatewayMessenger{}.poll(channel, "", http))->pause == 5s);
}
