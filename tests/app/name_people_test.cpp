// Names of people whom webhooks do not name, over the real storage.
#include "app/name_people.hpp"

#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

Person unnamed(const std::string& number) { return {{{"vk", number, number}}, ""}; }

Conversation met(Ground& ground, const Person& person) {
    return ground.in_workspace(
        [&](Transaction& tx) { return tx.conversation_of(ground.channel.id, person, ground.now); });
}

std::string name_of(Ground& ground, const Conversation& conversation) {
    return ground.in_workspace(
        [&](Transaction& tx) { return tx.conversation(conversation.id, std::nullopt)->contact_name; });
}

std::vector<ToName> taken(Ground& ground) {
    return write(*ground.storage.store, [&](StoreSession& session) { return take_nameless(session, ground.now); });
}

}  // namespace

TEST_CASE("only people without a name are asked about, together and once") {
    Ground ground;
    met(ground, a_person("79161234567"));
    met(ground, unnamed("1"));
    met(ground, unnamed("2"));
    const auto first = taken(ground);
    REQUIRE(first.size() == 1);
    CHECK(first.front().people.size() == 2);
    CHECK(taken(ground).empty());
}

TEST_CASE("a told name is the contact's, and the conversation is told anew") {
    Ground ground;
    const Conversation one = met(ground, unnamed("1"));
    const Conversation other = met(ground, unnamed("2"));
    const auto asked = taken(ground);
    const auto seq = ground.in_workspace([](Transaction& tx) { return tx.last_seq(); });
    write(*ground.storage.store, [&](StoreSession& session) {
        note_names(session, asked.front(), {{{"vk", "1", "1"}, "Anna Li"}, {{"vk", "3", "3"}, "Nobody"}});
    });
    CHECK(name_of(ground, one) == "Anna Li");
    CHECK(name_of(ground, other).empty());
    const auto changes = ground.in_workspace([&](Transaction& tx) { return tx.changes_after(seq, 10); });
    REQUIRE(changes.size() == 1);
    CHECK(changes.front().object == one.id.value());
}

TEST_CASE("a name that came meanwhile stays") {
    Ground ground;
    const Conversation one = met(ground, unnamed("1"));
    const auto asked = taken(ground);
    met(ground, {{{"vk", "1", "1"}}, "Anna"});
    write(*ground.storage.store,
          [&](StoreSession& session) { note_names(session, asked.front(), {{{"vk", "1", "1"}, "Anna Li"}}); });
    CHECK(name_of(ground, one) == "Anna");
}

TEST_CASE("nobody of a channel that does not work is asked about, until it works again") {
    Ground ground;
    met(ground, unnamed("1"));
    const auto becomes = [&](ChannelState state) {
        ground.in_workspace([&](Transaction& tx) {
            Channel channel = *tx.channel(ground.channel.id);
            channel.become(state, "", ground.now);
            tx.save_channel(channel);
        });
    };
    becomes(ChannelState::broken);
    CHECK(taken(ground).empty());
    becomes(ChannelState::connected);
    CHECK(taken(ground).size() == 1);
}
