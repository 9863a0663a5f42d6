#include "app/done.hpp"

#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

namespace okno::tests {

static Message said(const Conversation& conversation, Direction direction, Timestamp when) {
    Message message;
    message.id = make_id<MessageId>();
    message.conversation = conversation.id;
    message.direction = direction;
    message.text = "a word";
    message.created_at = message.position = when;
    return message;
}

TEST_CASE("Done leaves the waiting list, and taking it back returns to it") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        Conversation conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        tx.insert_message_if_new(ground.channel.id, said(conversation, Direction::inbound, ground.now));
        conversation.waiting = true;
        tx.save_conversation(conversation);

        CHECK(mark_done(tx, conversation.id));
        CHECK_FALSE(tx.conversation(conversation.id, std::nullopt)->waiting);
        CHECK(undo_done(tx, conversation.id));
        CHECK(tx.conversation(conversation.id, std::nullopt)->waiting);
    });
}

TEST_CASE("Done that is taken back after a colleague's answer leaves the conversation answered") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const Conversation conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        tx.insert_message_if_new(ground.channel.id, said(conversation, Direction::inbound, ground.now));
        tx.insert_message_if_new(ground.channel.id, said(conversation, Direction::outbound, ground.now + 1s));
        tx.insert_message_if_new(ground.channel.id, said(conversation, Direction::note, ground.now + 2s));

        CHECK(undo_done(tx, conversation.id));
        CHECK_FALSE(tx.conversation(conversation.id, std::nullopt)->waiting);
    });
}

TEST_CASE("nothing is done in a conversation of another workspace") {
    Ground ground;
    const ConversationId foreign = ground.in_workspace(
        [&](Transaction& tx) { return tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now).id; });
    write(*ground.storage.store, [&](StoreSession& session) {
        Transaction& other = session.in(session.make_workspace("Other", ground.now));
        CHECK_FALSE(mark_done(other, foreign));
        CHECK_FALSE(undo_done(other, foreign));
    });
}

}  // namespace okno::tests
