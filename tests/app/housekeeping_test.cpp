// Events whose message never comes.
#include "app/housekeeping.hpp"

#include "app/record_events.hpp"
#include "support/plain_messenger.hpp"
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

TEST_CASE("after ten minutes a lone status is dropped and a lone edit is shown as what it is") {
    Ground ground;
    const PlainMessenger messenger;
    const FindMessenger find = [&](std::string_view) { return &messenger; };
    ground.in_workspace([&](Transaction& tx) {
        StatusReport status;
        status.provider_id = ProviderMessageId{"wamid.never"};
        status.time = ground.now;
        record_event(tx, ground.channel, messenger.traits(), {{}, status}, ground.now);
        MessageChange edit;
        edit.from = a_person("79161234567");
        edit.target = ProviderMessageId{"wamid.lost"};
        edit.key = "wamid.edit";
        edit.text = "new words";
        record_event(tx, ground.channel, messenger.traits(), {{}, edit}, ground.now);
    });
    const auto give_up = [&](Timestamp now) {
        return write(*ground.storage.store, [&](StoreSession& session) { return sweep_waiting(session, find, now); });
    };
    CHECK(give_up(ground.now + 10min) == 0);
    ground.in_workspace([&](Transaction& tx) { CHECK(tx.conversations({}, make_id<UserId>()).empty()); });
    CHECK(give_up(ground.now + 10min + 1ms) == 1);
    ground.in_workspace([&](Transaction& tx) {
        const auto list = tx.conversations({}, make_id<UserId>());
        REQUIRE(list.size() == 1);
        const auto shown = tx.messages(list.front().id, std::nullopt, 10);
        REQUIRE(shown.size() == 1);
        CHECK(shown.front().type == "unsupported");
        CHECK(shown.front().text == "new words");
        CHECK_FALSE(list.front().window_closes_at);
    });
    CHECK(give_up(ground.now + 24h) == 0);
}

TEST_CASE("what waits for a message that was written without it is applied by the next sweep") {
    Ground ground;
    const PlainMessenger messenger;
    const FindMessenger find = [&](std::string_view) { return &messenger; };
    const auto is_due = [&] {
        return read(*ground.storage.store, [&](StoreSession& session) { return is_sweep_due(session, ground.now); });
    };
    const ProviderMessageId target{"wamid.O"};
    ground.in_workspace([&](Transaction& tx) {
        MessageChange reaction;
        reaction.from = a_person("79161234567");
        reaction.kind = MessageChange::Kind::reaction;
        reaction.target = target;
        reaction.key = "wamid.R";
        reaction.text = "👍";
        record_event(tx, ground.channel, messenger.traits(), {{}, reaction}, ground.now);
    });
    CHECK_FALSE(is_due());
    ground.in_workspace([&](Transaction& tx) {
        Message message;
        message.id = make_id<MessageId>();
        message.conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now).id;
        message.direction = Direction::outbound;
        message.provider_id = target;
        message.created_at = message.position = ground.now;
        tx.insert_message_if_new(ground.channel.id, message);
    });
    CHECK(is_due());
    write(*ground.storage.store, [&](StoreSession& session) { return sweep_waiting(session, find, ground.now); });
    CHECK_FALSE(is_due());
    CHECK(ground.in_workspace([&](Transaction& tx) {
        return tx.message_by_provider_id(ground.channel.id, target)->content;
    }) == R"({"reaction":"👍"})");
}

TEST_CASE("old changes and expired sessions are forgotten, newer ones stay") {
    Ground ground;
    const Timestamp now = Clock::real_now();
    ground.in_workspace([&](Transaction& tx) { tx.note_change("channel", ground.channel.id.value()); });
    const auto changes = [&] {
        return read(*ground.storage.store,
                    [&](StoreSession& session) { return session.in(ground.workspace).changes_after(0, 100).size(); });
    };
    const std::size_t before = changes();
    CHECK(before > 0);
    write(*ground.storage.store, [&](StoreSession& session) { session.prune(now - std::chrono::days(7), now); });
    CHECK(changes() == before);
    write(*ground.storage.store, [&](StoreSession& session) { session.prune(now + 1min, now); });
    CHECK(changes() == 0);
}
