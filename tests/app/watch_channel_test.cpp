// Channels that went quiet, over the real storage.
#include "app/watch_channel.hpp"

#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

void came(Transaction& tx, const Ground& ground, Timestamp at) {
    Conversation conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), at);
    Message message;
    message.id = make_id<MessageId>();
    message.conversation = conversation.id;
    message.created_at = message.position = at;
    tx.insert_message_if_new(ground.channel.id, message);
    conversation.last_message = message.id;
    conversation.updated_at = std::max(conversation.updated_at, at);
    tx.save_conversation(conversation);
}

// A channel that works and had `count` messages in the last hour of these weeks before.
void busy(Ground& ground, std::initializer_list<int> weeks, int count) {
    ground.in_workspace([&](Transaction& tx) {
        Channel channel = *tx.channel(ground.channel.id);
        channel.become(ChannelState::connected, "", ground.now);
        tx.save_channel(channel);
        for (const int week : weeks)
            for (int i = 0; i < count; ++i)
                came(tx, ground, ground.now - std::chrono::days(7 * week) - std::chrono::minutes(10 + i));
    });
}

Silence silence(Ground& ground) {
    return ground.in_workspace(
        [&](Transaction& tx) { return silence_of(tx, *tx.channel(ground.channel.id), ground.now); });
}

bool mark(Ground& ground, Silence found) {
    return ground.in_workspace([&](Transaction& tx) { return mark_silence(tx, ground.channel.id, found, ground.now); });
}

std::optional<Timestamp> marked_since(Ground& ground) {
    return ground.in_workspace([&](Transaction& tx) { return tx.channel(ground.channel.id)->silent_since; });
}

}  // namespace

TEST_CASE("nothing for two hours is odd where three weeks had messages then") {
    Ground ground;
    busy(ground, {3, 2, 1}, 3);
    CHECK(silence(ground) == Silence::odd);
    CHECK(mark(ground, Silence::odd));
    CHECK(marked_since(ground) == ground.now - 2h);
    CHECK(silence(ground) == Silence::usual);  // it is marked already
}

TEST_CASE("the mark goes when something comes again") {
    Ground ground;
    busy(ground, {3, 2, 1}, 3);
    mark(ground, Silence::odd);
    ground.in_workspace([&](Transaction& tx) { came(tx, ground, ground.now - 1min); });
    CHECK(silence(ground) == Silence::over);
    CHECK(mark(ground, Silence::over));
    CHECK(!marked_since(ground));
    CHECK(silence(ground) == Silence::usual);
}

TEST_CASE("silence is usual in a new channel, in one that was as quiet before, and in one that does not work") {
    SUBCASE("two weeks are known") {
        Ground ground;
        busy(ground, {2, 1}, 5);
        CHECK(silence(ground) == Silence::usual);
    }
    SUBCASE("few wrote then") {
        Ground ground;
        busy(ground, {3, 2, 1}, 2);
        CHECK(silence(ground) == Silence::usual);
    }
    SUBCASE("it is known that it does not work") {
        Ground ground;
        busy(ground, {3, 2, 1}, 3);
        ground.in_workspace([&](Transaction& tx) {
            Channel channel = *tx.channel(ground.channel.id);
            channel.become(ChannelState::broken, "no access", ground.now);
            tx.save_channel(channel);
        });
        CHECK(silence(ground) == Silence::usual);
        CHECK_FALSE(mark(ground, Silence::odd));
    }
}

TEST_CASE("a change of state begins anew and takes the mark away; the same state goes on") {
    Channel channel = a_channel({}, "1");
    const Timestamp then = channel.created_at;
    channel.become(ChannelState::broken, "why", then + 1h);
    CHECK(channel.state_since == then + 1h);
    channel.become(ChannelState::broken, "why", then + 2h);
    CHECK(channel.state_since == then + 1h);
    channel.become(ChannelState::broken, "another why", then + 3h);
    CHECK(channel.state_since == then + 3h);
    channel.silent_since = then;
    channel.become(ChannelState::connected, "", then + 4h);
    CHECK(!channel.silent_since);
}
