// What went through a channel, counted over the real storage.
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

struct Wrote {
    Direction direction = Direction::inbound;
    std::optional<MessageStatus> status{};
    std::string error{};
    std::chrono::milliseconds took{0};  // from its place in the conversation to here
};

void add(Ground& ground, Timestamp at, const Wrote& wrote, const std::string& phone = "79161234567") {
    ground.in_workspace([&](Transaction& tx) {
        Conversation conversation = tx.conversation_of(ground.channel.id, a_person(phone), at);
        Message message;
        message.id = make_id<MessageId>();
        message.conversation = conversation.id;
        message.direction = wrote.direction;
        message.status = wrote.status;
        message.error_code = wrote.error;
        message.position = at;
        message.created_at = at + wrote.took;
        tx.insert_message_if_new(ground.channel.id, message);
        conversation.last_message = message.id;
        conversation.updated_at = at;
        tx.save_conversation(conversation);
    });
}

ChannelFigures figures(Ground& ground) {
    return ground.in_workspace([&](Transaction& tx) {
        return tx.channel_figures(ground.channel.id, ground.now - 24h, ground.now - std::chrono::days(30));
    });
}

Wrote sent(MessageStatus status, const std::string& error = "") { return {Direction::outbound, status, error}; }

}  // namespace

TEST_CASE("messages of a day are counted by what became of them") {
    Ground ground;
    add(ground, ground.now - 3h, {.took = 1500ms});
    add(ground, ground.now - 2h, {.took = 40ms}, "79260000000");
    add(ground, ground.now - 90min, sent(MessageStatus::sent));
    add(ground, ground.now - 80min, sent(MessageStatus::read));
    add(ground, ground.now - 70min, sent(MessageStatus::queued));
    add(ground, ground.now - 60min, sent(MessageStatus::failed, "person_blocked"));
    add(ground, ground.now - 50min, sent(MessageStatus::failed, "file_too_large"));
    add(ground, ground.now - 40min, sent(MessageStatus::failed, "person_blocked"));
    add(ground, ground.now - 30min, {Direction::note});
    const ChannelFigures day = figures(ground);
    CHECK(day.came == 2);
    CHECK(day.left == 2);
    CHECK(day.failed == 3);
    CHECK(day.slowest == 1500ms);
    CHECK(day.last_in == ground.now - 2h);
    CHECK(day.last_out == ground.now - 80min);
    REQUIRE(day.errors.size() == 2);
    CHECK(day.errors[0].code == "person_blocked");
    CHECK(day.errors[0].count == 2);
    CHECK(day.errors[0].last == ground.now - 40min);
}

TEST_CASE("what is older counts no more, but the last times reach further back") {
    Ground ground;
    add(ground, ground.now - 40h, {});
    add(ground, ground.now - 30h, sent(MessageStatus::delivered));
    const ChannelFigures day = figures(ground);
    CHECK(day.came + day.left + day.failed == 0);
    CHECK(!day.slowest);
    CHECK(day.last_in == ground.now - 40h);
    CHECK(day.last_out == ground.now - 30h);
}

TEST_CASE("nothing of another channel or of longer ago is told") {
    Ground ground;
    add(ground, ground.now - std::chrono::days(31), {});
    ground.in_workspace([&](Transaction& tx) {
        const Channel other = a_channel(ground.workspace, "other");
        tx.insert_channel(other);
        CHECK(tx.channel_figures(other.id, ground.now - 24h, ground.now - std::chrono::days(30)).came == 0);
    });
    CHECK(!figures(ground).last_in);
    CHECK(!figures(ground).last_out);
}

TEST_CASE("what customers wrote in a time is counted, its end excluded") {
    Ground ground;
    add(ground, ground.now - 2h, {});
    add(ground, ground.now - 1h, {});
    add(ground, ground.now - 30min, sent(MessageStatus::sent));
    add(ground, ground.now, {});
    ground.in_workspace([&](Transaction& tx) {
        CHECK(tx.came_between(ground.channel.id, ground.now - 2h, ground.now) == 2);
        CHECK(tx.came_between(ground.channel.id, ground.now - 90min, ground.now - 1h) == 0);
    });
}
