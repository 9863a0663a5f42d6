// News that a person left or came back, in whatever order they come.
#include "support/talk.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

static void hear(Talk& talk, bool is_blocked, std::optional<Timestamp> when) {
    PersonNotice notice{a_person("79161234567"), is_blocked, when};
    talk.in_workspace(
        [&](Transaction& tx) { record_event(tx, talk.channel, talk.messenger.traits(), {{}, notice}, talk.now); });
}

static bool is_blocked(Talk& talk) {
    return talk.in_workspace(
        [&](Transaction& tx) { return tx.conversation(talk.conversation, std::nullopt)->blocked_at.has_value(); });
}

TEST_CASE("who left after their last message is blocked, and back when they say so later") {
    Talk talk;
    hear(talk, true, talk.now);
    CHECK(is_blocked(talk));
    hear(talk, false, talk.now + 1s);
    CHECK_FALSE(is_blocked(talk));
}

TEST_CASE("who left within the second of their last message is blocked, though the time has whole seconds") {
    Talk talk;
    talk.now = std::chrono::floor<std::chrono::seconds>(talk.now) + 10s + 700ms;
    talk.in_workspace([&](Transaction& tx) {
        InboundMessage inbound;
        inbound.from = a_person("79161234567");
        inbound.provider_id = ProviderMessageId{"the last"};
        inbound.provider_time = std::chrono::floor<std::chrono::seconds>(talk.now);
        inbound.text = "the last";
        record_event(tx, talk.channel, talk.messenger.traits(), {{}, inbound}, talk.now);
    });
    hear(talk, true, std::chrono::floor<std::chrono::seconds>(talk.now));
    CHECK(is_blocked(talk));
}

TEST_CASE("a farewell that is older than their last message blocks nobody") {
    Talk talk;
    hear(talk, true, talk.now - 1h);
    CHECK_FALSE(is_blocked(talk));
}

TEST_CASE("a return that is older than the farewell brings nobody back") {
    Talk talk;
    hear(talk, true, talk.now);
    hear(talk, false, talk.now - 1s);
    CHECK(is_blocked(talk));
}

TEST_CASE("news without a time is believed as it comes") {
    Talk talk;
    hear(talk, true, std::nullopt);
    CHECK(is_blocked(talk));
    hear(talk, false, std::nullopt);
    CHECK_FALSE(is_blocked(talk));
}
