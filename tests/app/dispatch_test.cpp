// Who may leave when many want to; and what a channel that goes leaves behind.
#include "app/disconnect.hpp"
#include "support/talk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

using namespace okno;
using namespace okno::tests;

namespace {

// Queues a template to each of `people` in this channel.
void queue_to_many(Transaction& tx, const Messenger& messenger, ChannelId channel, int people, Timestamp now) {
    for (int i = 0; i < people; ++i) {
        NewMessage wanted;
        wanted.conversation = tx.conversation_of(channel, a_person(std::to_string(79160000000 + i)), now).id;
        wanted.client_id = "c";
        wanted.type = "template";
        wanted.author = {AuthorKind::person, make_id<UserId>(), "Maria"};
        REQUIRE(compose(tx, messenger, wanted, now));
    }
}

}  // namespace

TEST_CASE("workspaces share what may leave evenly, and what one does not use goes to the others") {
    Talk talk;
    std::map<WorkspaceId, int> queued{{talk.workspace, 100}};
    for (const int people : {100, 1}) {
        const auto other =
            write(*talk.storage.store, [&](StoreSession& s) { return s.make_workspace("Other", talk.now); });
        queued[other] = people;
        write(*talk.storage.store, [&](StoreSession& session) {
            const Channel channel = a_channel(other, "number of " + std::to_string(people));
            session.in(other).insert_channel(channel);
            queue_to_many(session.in(other), talk.messenger, channel.id, people, talk.now);
        });
    }
    talk.in_workspace([&](Transaction& tx) { queue_to_many(tx, talk.messenger, talk.channel.id, 100, talk.now); });
    std::map<WorkspaceId, int> left;
    std::size_t turn = 0;
    const auto take = [&](int places) {
        for (const Leaving& leaving : write(*talk.storage.store, [&](StoreSession& session) {
                 return take_due(
                     session, talk.find, talk.now,
                     {.places = places, .turn = ++turn, .room = [](auto&&...) { return 1000; }, .wait_for_person = {}});
             }))
            ++left[leaving.row.workspace];
    };
    take(60);
    for (int i = 0; i < 40; ++i)
        take(1);  // a single place goes to each in turn
    for (const auto& [workspace, count] : left) {
        CHECK(count >= std::min(queued[workspace], 100 / 3));
        CHECK(count <= queued[workspace]);
    }
}

TEST_CASE("messages that fail at the moment of leaving give their places to those behind them") {
    Talk talk;
    const auto late = talk.send(talk.text("late"), talk.now);
    talk.in_workspace([&](Transaction& tx) { queue_to_many(tx, talk.messenger, talk.channel.id, 1, talk.now + 1h); });
    const auto leaving = write(*talk.storage.store, [&](StoreSession& session) {
        return take_due(session, talk.find, talk.now + 24h,
                        {.room = [](auto&&...) { return 1; }, .wait_for_person = {}});
    });
    REQUIRE(leaving.size() == 1);
    CHECK(leaving.front().message.type == "template");
    CHECK(talk.message(late->message.id).error_code == "window_closed");
}

TEST_CASE("a person who has had their burst waits, others leave meanwhile") {
    Talk talk;
    talk.send(talk.text("too fast"), talk.now);
    talk.in_workspace([&](Transaction& tx) { queue_to_many(tx, talk.messenger, talk.channel.id, 1, talk.now); });
    const auto person =
        talk.in_workspace([&](Transaction& tx) { return tx.conversation(talk.conversation, std::nullopt)->identity; });
    const auto take = [&](Timestamp at) {
        return write(*talk.storage.store, [&](StoreSession& session) {
            Pace pace;
            pace.room = [](auto&&...) { return 1; };
            pace.wait_for_person = [&](IdentityId who, const MessengerTraits&) {
                return who == person && at < talk.now + 6s ? std::chrono::milliseconds(6s) : 0ms;
            };
            return take_due(session, talk.find, at, pace);
        });
    };
    const auto first = take(talk.now);
    REQUIRE(first.size() == 1);
    CHECK(first.front().message.type == "template");
    CHECK(take(talk.now + 5s).empty());
    CHECK(take(talk.now + 6s).at(0).message.text == "too fast");
}

TEST_CASE("when a channel is disconnected what waits fails with the reason, what is leaving is unknown until noted") {
    Talk talk;
    const auto first = talk.send(talk.text("first", "c-1"), talk.now);
    const auto second = talk.send(talk.text("second", "c-2"), talk.now);
    const Leaving leaving = talk.take(talk.now).at(0);
    talk.in_workspace([&](Transaction& tx) { disconnect(tx, talk.channel.id, talk.now); });
    CHECK(talk.message(first->message.id).status == MessageStatus::unknown);
    CHECK(talk.message(second->message.id).status == MessageStatus::failed);
    CHECK(talk.message(second->message.id).error_code == "channel_gone");
    talk.note(leaving, Accepted{ProviderMessageId{"wamid.1"}}, talk.now);
    CHECK(talk.message(first->message.id).status == MessageStatus::sent);
    CHECK(talk.take(talk.now + 1h).empty());
}

TEST_CASE("what could not leave a channel that was disconnected meanwhile has failed") {
    Talk talk;
    const auto composed = talk.send(talk.text("hello"), talk.now);
    const Leaving leaving = talk.take(talk.now).at(0);
    talk.in_workspace([&](Transaction& tx) { disconnect(tx, talk.channel.id, talk.now); });
    talk.note(leaving, RetryLater{0s, "no connection", RetryScope::channel, 0}, talk.now);
    CHECK(talk.message(composed->message.id).status == MessageStatus::failed);
    CHECK(talk.take(talk.now + 1h).empty());
}

TEST_CASE("a client id that is repeated finds its message though a template's words or a reaction changed since") {
    Talk talk;
    NewMessage wanted = talk.text("Your bill is ready");
    wanted.type = "template";
    wanted.content = R"({"name":"bill_ready","values":{"1":"Kate"}})";
    REQUIRE(talk.send(wanted, talk.now));
    talk.deliver("wamid.O", talk.now);
    talk.in_workspace([&](Transaction& tx) {
        MessageChange reaction;
        reaction.from = a_person("79161234567");
        reaction.kind = MessageChange::Kind::reaction;
        reaction.target = ProviderMessageId{"wamid.O"};
        reaction.text = "👍";
        record_event(tx, talk.channel, talk.messenger.traits(), {{}, reaction}, talk.now);
    });
    wanted.text = "Your bill is here";
    const auto again = talk.send(wanted, talk.now + 1s);
    REQUIRE(again);
    CHECK_FALSE(again->is_new);
    wanted.content = R"({"name":"bill_ready","values":{"1":"Ann"}})";
    CHECK(talk.send(wanted, talk.now).error().code == "client_id_reused");
}
