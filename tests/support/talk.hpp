// A customer wrote a minute ago and somebody answers: the ground of the tests of the way out.
#pragma once

#include "app/compose.hpp"
#include "app/dispatch.hpp"
#include "app/record_events.hpp"
#include "support/plain_messenger.hpp"
#include "support/storage_fixture.hpp"

namespace okno::tests {

struct Talk : Ground {
    PlainMessenger messenger;
    FindMessenger find = [this](std::string_view) { return &messenger; };
    Author maria{AuthorKind::person, make_id<UserId>(), "Maria"};
    Author denis{AuthorKind::person, make_id<UserId>(), "Denis"};
    ConversationId conversation;
    MessageId question;

    Talk() {
        in_workspace([&](Transaction& tx) {
            record_event(tx, channel, messenger.traits(), messenger.parse("wamid.Q 79161234567 hello?").events.front(),
                         now - 1min);
            const auto found = tx.conversations({}, maria.user).front();
            conversation = found.id;
            question = *found.last_message;
        });
    }

    NewMessage text(const std::string& words, const std::string& client_id = "c-1") const {
        NewMessage out;
        out.conversation = conversation;
        out.client_id = client_id;
        out.text = words;
        out.author = maria;
        return out;
    }
    Result<Composed> send(const NewMessage& wanted, Timestamp at) {
        return in_workspace([&](Transaction& tx) { return compose(tx, messenger, wanted, at); });
    }
    std::vector<Leaving> take(Timestamp at) {
        return write(*storage.store, [&](StoreSession& session) {
            return take_due(session, find, at, {.room = [](auto&&...) { return 10; }, .wait_for_person = {}});
        });
    }
    void note(const Leaving& leaving, const SendOutcome& outcome, Timestamp at) {
        write(*storage.store, [&](StoreSession& session) { note_outcomes(session, {{leaving, outcome}}, at); });
    }
    // Leaves, and the provider takes it under this id.
    Leaving deliver(const std::string& provider_id, Timestamp at) {
        Leaving leaving = take(at).at(0);
        note(leaving, Accepted{ProviderMessageId{provider_id}}, at);
        return leaving;
    }
    void report(const Leaving& leaving, MessageStatus status, const std::string& provider_id = "") {
        StatusReport out;
        out.provider_id = ProviderMessageId{provider_id};
        out.reference = leaving.message.reference;
        out.status = status;
        out.time = now;
        if (status == MessageStatus::failed) {
            out.error_code = "person_unreachable";
            out.error_message = "The phone is off";
        }
        in_workspace([&](Transaction& tx) { record_event(tx, channel, messenger.traits(), {{}, out}, now); });
    }
    Result<Message> try_again(MessageId id, int attempt, Timestamp at, bool confirm = true) {
        return in_workspace([&](Transaction& tx) { return retry(tx, messenger, id, attempt, confirm, at); });
    }
    Message message(MessageId id) {
        return in_workspace([&](Transaction& tx) { return *tx.message(id); });
    }
};

}  // namespace okno::tests
