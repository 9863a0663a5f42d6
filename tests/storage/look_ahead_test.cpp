// What a page asks for one after the other is read in a few steps before; no answer changes by it.
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace okno;
using namespace okno::tests;

namespace {

// All of a conversation that pages show, as text to compare.
std::string shown(const std::optional<Conversation>& one) {
    if (!one) return "none";
    return one->id.value().text() + " " + one->contact_name + " " + one->external_id + " " + one->phone + " " +
           one->referral + " " + std::to_string(one->unread) + " " + one->draft.text + "|" + one->draft.note + " " +
           (one->last_message ? one->last_message->value().text() : "-") + " " + std::to_string(one->waiting);
}

std::string shown(const std::optional<Message>& one) {
    return one ? one->id.value().text() + " " + one->type + " " + one->text : "none";
}

struct Talk {
    Ground ground;
    UserId maria = make_id<UserId>();
    UserId anna = make_id<UserId>();
    std::vector<ConversationId> conversations;
    std::vector<MessageId> messages;

    Talk() {
        ground.in_workspace([&](Transaction& tx) {
            for (const std::string phone : {"79160000001", "79160000002", "79160000003"}) {
                Conversation conversation = tx.conversation_of(ground.channel.id, a_person(phone), ground.now);
                conversations.push_back(conversation.id);
                write_to(tx, conversation, "text");
                write_to(tx, conversation, phone.ends_with('2') ? "image" : "text");
                tx.save_referral(conversation.contact, "ad " + phone);
            }
            tx.mark_read(conversations[0], maria);
            tx.save_draft(conversations[1], maria, {"Hello", "ask the warehouse"}, ground.now);
            tx.save_draft(conversations[1], anna, {"other words", ""}, ground.now);
        });
    }

    void write_to(Transaction& tx, Conversation& conversation, const std::string& type) {
        Message message;
        message.id = make_id<MessageId>();
        message.conversation = conversation.id;
        message.direction = Direction::inbound;
        message.type = type;
        message.text = "number " + std::to_string(messages.size());
        message.provider_id = ProviderMessageId{"wamid." + std::to_string(messages.size())};
        message.position = ground.now + std::chrono::seconds(messages.size());
        message.created_at = message.position;
        tx.insert_message_if_new(ground.channel.id, message);
        messages.push_back(message.id);
        if (type == "image")
            for (int i = 0; i < 2; ++i) {
                Media media;
                media.id = make_id<MediaId>();
                media.message = message.id;
                media.kind = "image";
                media.name = "picture " + std::to_string(i);
                tx.insert_media(media);
            }
        conversation.last_message = message.id;
        conversation.waiting = true;
        tx.save_conversation(conversation);
    }

    // Everything, as `reader` sees it.
    std::vector<std::string> all(Transaction& tx, UserId reader) const {
        std::vector<std::string> out;
        for (const ConversationId& id : conversations)
            out.push_back(shown(tx.conversation(id, reader)));
        for (const MessageId& id : messages) {
            out.push_back(shown(tx.message(id)));
            for (const Media& media : tx.media_of(id))
                out.push_back(media.name);
        }
        return out;
    }
};

}  // namespace

TEST_CASE("what was read ahead for somebody is what they would have been told one by one") {
    Talk talk;
    const auto alone = [&](UserId reader) {
        return read(*talk.ground.storage.store,
                    [&](StoreSession& session) { return talk.all(session.in(talk.ground.workspace), reader); });
    };
    const auto of_maria = alone(talk.maria);
    const auto of_anna = alone(talk.anna);
    CHECK(of_maria != of_anna);
    read(*talk.ground.storage.store, [&](StoreSession& session) {
        Transaction& tx = session.in(talk.ground.workspace);
        const std::set<MessageId> messages(talk.messages.begin(), talk.messages.end());
        const std::set<ConversationId> conversations(talk.conversations.begin(), talk.conversations.end());
        tx.look_ahead_for(talk.maria, messages, conversations);
        tx.look_ahead_for(talk.anna, messages, conversations);
        CHECK(talk.all(tx, talk.maria) == of_maria);
        CHECK(talk.all(tx, talk.anna) == of_anna);
        CHECK(shown(tx.conversation(make_id<ConversationId>(), talk.maria)) == "none");
        return true;
    });
}

TEST_CASE("a list shows each conversation as it is shown alone") {
    Talk talk;
    read(*talk.ground.storage.store, [&](StoreSession& session) {
        Transaction& tx = session.in(talk.ground.workspace);
        ConversationQuery query;
        query.view = ConversationQuery::View::all;
        query.limit = 10;
        const auto list = tx.conversations(query, talk.maria);
        CHECK(list.size() == 3);
        for (const Conversation& one : list)
            CHECK(shown(one) == shown(tx.conversation(one.id, talk.maria)));
        return true;
    });
}

TEST_CASE("what one closure read ahead is not what the next one of the same commit is told") {
    Talk talk;
    Store& store = *talk.ground.storage.store;
    const ConversationId conversation = talk.conversations.front();
    const auto in = [&](StoreSession& session) -> Transaction& { return session.in(talk.ground.workspace); };
    std::promise<void> go;
    std::vector<std::future<void>> done;
    const auto begin = [&](Store::Work work) {
        auto promise = std::make_shared<std::promise<void>>();
        done.push_back(promise->get_future());
        store.write(std::move(work), [promise](std::exception_ptr error) {
            error ? promise->set_exception(error) : promise->set_value();
        });
    };
    // All writers are held up, one after the other, so that what comes then is one group.
    const std::shared_future<void> released = go.get_future().share();
    for (int i = 0; i < (on_postgres() ? 3 : 1); ++i) {
        auto begun = std::make_shared<std::promise<void>>();
        auto has_begun = begun->get_future();
        begin([begun, released](StoreSession&) {
            begun->set_value();
            released.wait();
        });
        has_begun.get();
    }
    begin([&](StoreSession& session) {
        in(session).look_ahead({talk.messages.front()}, {conversation});
        in(session).look_ahead_for(talk.maria, {talk.messages.front()}, {conversation});
    });
    begin([&](StoreSession& session) {
        auto message = in(session).message(talk.messages.front());
        message->text = "other words";
        in(session).save_message(*message);
        in(session).save_draft(conversation, talk.maria, {"later", ""}, talk.ground.now + 1h);
    });
    begin([&](StoreSession& session) {
        CHECK(in(session).message(talk.messages.front())->text == "other words");
        CHECK(in(session).conversation(conversation, talk.maria)->draft.text == "later");
    });
    go.set_value();
    for (auto& one : done)
        one.get();
}

TEST_CASE("of closures that share a commit the one that fails fails alone") {
    Talk talk;
    Store& store = *talk.ground.storage.store;
    std::vector<std::future<void>> done;
    for (int i = 0; i < 40; ++i) {
        auto promise = std::make_shared<std::promise<void>>();
        done.push_back(promise->get_future());
        store.write(
            [&talk, i](StoreSession& session) {
                session.in(talk.ground.workspace)
                    .save_draft(talk.conversations[2], talk.anna, {"draft " + std::to_string(i), ""},
                                talk.ground.now + std::chrono::seconds(i));
                if (i % 10 == 9) throw std::runtime_error("no");
            },
            [promise](std::exception_ptr error) { error ? promise->set_exception(error) : promise->set_value(); });
    }
    for (std::size_t i = 0; i < done.size(); ++i)
        if (i % 10 == 9)
            CHECK_THROWS_AS(done[i].get(), std::runtime_error);
        else
            CHECK_NOTHROW(done[i].get());
    talk.ground.in_workspace([&](Transaction& tx) {
        const std::string kept = tx.conversation(talk.conversations[2], talk.anna)->draft.text;
        CHECK(kept.starts_with("draft "));
        CHECK_FALSE(kept.ends_with("9"));
    });
}
