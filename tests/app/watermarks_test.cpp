// Marks that say how far everything has come, and answers of persons after the window.
#include "support/talk.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

static void mark(Talk& talk, MessageStatus status, Timestamp until, const std::string& phone = "79161234567") {
    const ProviderEvent event{{}, Watermark{a_person(phone), status, until}};
    talk.in_workspace(
        [&](Transaction& tx) { record_event(tx, talk.channel, talk.messenger.traits(), event, until + 1s); });
}

TEST_CASE("a mark is one report for each message that had left by then") {
    Talk talk;
    std::vector<MessageId> ids;
    for (int i = 0; i < 3; ++i) {
        const Timestamp at = talk.now + std::chrono::minutes(i);
        ids.push_back(talk.send(talk.text("hello", "c-" + std::to_string(i)), at)->message.id);
        talk.deliver("wamid." + std::to_string(i), at);
    }
    mark(talk, MessageStatus::delivered, talk.now + 1min);
    CHECK(talk.message(ids[0]).status == MessageStatus::delivered);
    CHECK(talk.message(ids[1]).status == MessageStatus::delivered);
    CHECK(talk.message(ids[2]).status == MessageStatus::sent);
    mark(talk, MessageStatus::read, talk.now + 1min);
    CHECK(talk.message(ids[0]).status == MessageStatus::read);
    CHECK(talk.message(ids[1]).status == MessageStatus::read);
    CHECK(talk.message(ids[1]).status_times[static_cast<std::size_t>(MessageStatus::read)] == talk.now + 1min);
    CHECK(talk.message(ids[2]).status == MessageStatus::sent);
}

TEST_CASE("a mark takes nothing back and touches neither what failed nor what has no answer yet") {
    Talk talk;
    const auto read = talk.send(talk.text("read", "c-1"), talk.now);
    talk.deliver("wamid.1", talk.now);
    mark(talk, MessageStatus::read, talk.now + 1s);
    const auto failed = talk.send(talk.text("failed", "c-2"), talk.now);
    talk.note(talk.take(talk.now).at(0), Rejected{"no", "No"}, talk.now);
    const auto leaving = talk.send(talk.text("leaving", "c-3"), talk.now);
    REQUIRE(talk.take(talk.now).size() == 1);
    mark(talk, MessageStatus::delivered, talk.now + 2s);
    CHECK(talk.message(read->message.id).status == MessageStatus::read);
    CHECK(talk.message(failed->message.id).status == MessageStatus::failed);
    CHECK(talk.message(leaving->message.id).status == MessageStatus::sending);
}

TEST_CASE("a mark of somebody who never wrote, or of another person, changes nothing") {
    Talk talk;
    const auto sent = talk.send(talk.text("hello"), talk.now);
    talk.deliver("wamid.1", talk.now);
    mark(talk, MessageStatus::read, talk.now + 1min, "79260000000");
    CHECK(talk.message(sent->message.id).status == MessageStatus::sent);
}

TEST_CASE("where persons may answer longer, theirs leaves late and says so, an automatic one does not leave") {
    Talk talk;
    talk.messenger = PlainMessenger({.reply_window = 24h, .max_text = 10, .person_window = 7 * 24h});
    REQUIRE(talk.send(talk.text("in time", "c-1"), talk.now));
    CHECK_FALSE(talk.deliver("wamid.1", talk.now).message.is_late);
    REQUIRE(talk.send(talk.text("late", "c-2"), talk.now + 48h));
    CHECK(talk.deliver("wamid.2", talk.now + 48h).message.is_late);
    NewMessage automatic = talk.text("robot", "c-3");
    automatic.author = {AuthorKind::automatic, {}, "Robot"};
    CHECK(talk.send(automatic, talk.now + 48h).error().code == "not_allowed");
    CHECK(talk.send(talk.text("too late", "c-4"), talk.now + 7 * 24h).error().code == "not_allowed");
}

TEST_CASE("a late answer that is refused closes the conversation for persons too") {
    Talk talk;
    talk.messenger = PlainMessenger({.reply_window = 24h, .max_text = 10, .person_window = 7 * 24h});
    REQUIRE(talk.send(talk.text("late", "c-1"), talk.now + 48h));
    Rejected refused{"human_agent_missing", "No feature"};
    refused.closes_window = true;
    talk.note(talk.take(talk.now + 48h).at(0), refused, talk.now + 48h);
    CHECK(talk.send(talk.text("again", "c-2"), talk.now + 49h).error().code == "not_allowed");
}
