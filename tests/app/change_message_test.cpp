// Messages of ours that are edited or deleted after they have left.
#include "app/change_message.hpp"

#include "app/disconnect.hpp"
#include "support/talk.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

// A messenger that lets messages be changed, and one message that has left.
struct Changing : Talk {
    MessageId sent;

    Changing() {
        messenger.own_traits().edit_within = 2h;
        messenger.own_traits().delete_within = 48h;
        sent = send(text("helo"), now)->message.id;
        deliver("wamid.1", now);
    }

    Result<Message> want(ChangeKind kind, const std::string& words, Timestamp at) {
        return in_workspace([&](Transaction& tx) { return want_change(tx, messenger, sent, kind, words, maria, at); });
    }
    Result<Message> edit(const std::string& words, Timestamp at) { return want(ChangeKind::edit, words, at); }
    Result<Message> remove(Timestamp at) { return want(ChangeKind::remove, "", at); }
    Result<Message> forget() {
        return in_workspace([&](Transaction& tx) { return forget_change(tx, sent); });
    }
    Message shown() { return message(sent); }
};

std::string code_of(const Result<Message>& result) { return result ? "none" : result.error().code; }

}  // namespace

TEST_CASE("a message that has left is edited once the provider has done it, and is what it was until then") {
    Changing talk;
    const auto wanted = talk.edit("hello", talk.now + 1min);
    REQUIRE(wanted);
    CHECK(wanted->text == "helo");
    CHECK(wanted->wanted_change->text == "hello");
    CHECK(wanted->wanted_change->by == "Maria");
    const Leaving leaving = talk.take(talk.now + 1min).at(0);
    REQUIRE(leaving.changes.size() == 1);
    CHECK(leaving.changes[0].kind == ChangeKind::edit);
    CHECK(leaving.changes[0].target.value() == "wamid.1");
    CHECK(leaving.changes[0].type == "text");
    CHECK(leaving.changes[0].text == "hello");
    CHECK(leaving.changes[0].to.front().value == "79161234567");
    CHECK_FALSE(talk.shown().is_edited);
    talk.note(leaving, Accepted{}, talk.now + 1min);
    CHECK(talk.shown().text == "hello");
    CHECK(talk.shown().is_edited);
    CHECK_FALSE(talk.shown().wanted_change);
    CHECK(talk.shown().status == MessageStatus::sent);
    CHECK(talk.take(talk.now + 1h).empty());
}

TEST_CASE("a message that is deleted for the customer too keeps its words here") {
    Changing talk;
    REQUIRE(talk.remove(talk.now + 3h));
    const Leaving leaving = talk.take(talk.now + 3h).at(0);
    CHECK(leaving.changes.at(0).kind == ChangeKind::remove);
    talk.note(leaving, Accepted{}, talk.now + 3h);
    CHECK(talk.shown().is_deleted);
    CHECK(talk.shown().text == "helo");
    CHECK(talk.remove(talk.now + 4h));
    CHECK(talk.take(talk.now + 4h).empty());
    CHECK(code_of(talk.edit("hello", talk.now + 1h)) == "not_arrived");
}

TEST_CASE(
    "what the provider refuses leaves the message as it is and shows why, until it is forgotten or wanted again") {
    Changing talk;
    REQUIRE(talk.edit("hello", talk.now));
    talk.note(talk.take(talk.now).at(0), Rejected{"not_changeable", "message can't be edited"}, talk.now);
    CHECK(talk.shown().text == "helo");
    CHECK_FALSE(talk.shown().is_edited);
    REQUIRE(talk.shown().wanted_change);
    CHECK(talk.shown().wanted_change->error_code == "not_changeable");
    CHECK(talk.shown().wanted_change->error_message == "message can't be edited");
    CHECK(talk.shown().status == MessageStatus::sent);
    REQUIRE(talk.edit("hello", talk.now + 1min));
    CHECK_FALSE(talk.shown().wanted_change->has_failed());
    talk.note(talk.take(talk.now + 1min).at(0), Rejected{"bad_request", "no"}, talk.now + 1min);
    REQUIRE(talk.forget());
    CHECK_FALSE(talk.shown().wanted_change);
    CHECK(talk.forget());
}

TEST_CASE("a refusal of a change says of person and channel what a refusal of a message does") {
    Changing talk;
    REQUIRE(talk.edit("hello", talk.now));
    Rejected rejected{"token_invalid", "Unauthorized"};
    rejected.blocks_person = true;
    rejected.about_channel = ChannelNotice::Kind::broken;
    talk.note(talk.take(talk.now).at(0), rejected, talk.now);
    talk.in_workspace([&](Transaction& tx) {
        CHECK(tx.conversation(talk.conversation, std::nullopt)->blocked_at == talk.now);
        CHECK(tx.channel(talk.channel.id)->state == ChannelState::broken);
    });
}

TEST_CASE("a change that was noted and did not leave, or was leaving when the process ended, leaves after it") {
    Changing talk;
    REQUIRE(talk.edit("hello", talk.now));
    talk.restart();
    REQUIRE(talk.take(talk.now).size() == 1);
    talk.restart();
    CHECK(talk.take(talk.now).empty());
    write(*talk.storage.store, [&](StoreSession& session) { CHECK(settle_left_in_flight(session, talk.now) == 0); });
    const Leaving again = talk.take(talk.now).at(0);
    CHECK(again.changes.at(0).text == "hello");
    talk.note(again, Accepted{}, talk.now);
    CHECK(talk.shown().text == "hello");
}

TEST_CASE("what got no answer is made again, some times, and waits in between") {
    Changing talk;
    REQUIRE(talk.edit("hello", talk.now));
    Timestamp at = talk.now;
    int tries = 0;
    for (; tries < 20; ++tries) {
        const auto leaving = talk.take(at);
        if (leaving.empty()) break;
        talk.note(leaving[0], Unanswered{"no answer"}, at);
        CHECK(talk.take(at).empty());
        at += 5min;
    }
    CHECK(tries == 10);
    CHECK(talk.shown().wanted_change->error_code == "provider_unavailable");
    CHECK(talk.shown().text == "helo");
}

TEST_CASE("a change leaves behind what its conversation has to send, and holds what is written after it") {
    Changing talk;
    talk.send(talk.text("before", "c-2"), talk.now);
    REQUIRE(talk.edit("hello", talk.now));
    talk.send(talk.text("after", "c-3"), talk.now);
    const Leaving before = talk.take(talk.now).at(0);
    CHECK(before.message.text == "before");
    talk.note(before, Accepted{ProviderMessageId{"wamid.2"}}, talk.now);
    const Leaving change = talk.take(talk.now).at(0);
    CHECK(change.changes.size() == 1);
    talk.note(change, RetryLater{.after = 10s}, talk.now);
    CHECK(talk.take(talk.now + 9s).empty());
    talk.note(talk.take(talk.now + 11s).at(0), Accepted{}, talk.now + 11s);
    CHECK(talk.take(talk.now + 11s).at(0).message.text == "after");
}

TEST_CASE("another change takes the place of one that waits, and follows one that is leaving") {
    Changing talk;
    REQUIRE(talk.edit("one", talk.now));
    REQUIRE(talk.edit("one", talk.now));
    REQUIRE(talk.edit("two", talk.now));
    const Leaving two = talk.take(talk.now).at(0);
    CHECK(two.changes.at(0).text == "two");
    REQUIRE(talk.edit("three", talk.now));
    CHECK(code_of(talk.forget()) == "already_leaving");
    SUBCASE("that is done") {
        talk.note(two, Accepted{}, talk.now);
        CHECK(talk.shown().text == "two");
    }
    SUBCASE("that is refused, which says nothing of the next") {
        talk.note(two, Rejected{"bad_request", "no"}, talk.now);
        CHECK(talk.shown().text == "helo");
    }
    CHECK(talk.shown().wanted_change->text == "three");
    CHECK_FALSE(talk.shown().wanted_change->has_failed());
    talk.note(talk.take(talk.now).at(0), Accepted{}, talk.now);
    CHECK(talk.shown().text == "three");
    CHECK_FALSE(talk.shown().wanted_change);
    CHECK(talk.take(talk.now).empty());
}

TEST_CASE("a change that has not begun to leave can be taken back") {
    Changing talk;
    REQUIRE(talk.edit("hello", talk.now));
    REQUIRE(talk.forget());
    CHECK_FALSE(talk.shown().wanted_change);
    CHECK(talk.take(talk.now).empty());
    REQUIRE(talk.edit("helo", talk.now));  // as it is
    CHECK(talk.take(talk.now).empty());
    REQUIRE(talk.edit("hello", talk.now));
    REQUIRE(talk.edit("helo", talk.now));
    CHECK(talk.take(talk.now).at(0).changes.at(0).text == "helo");
}

TEST_CASE("what is being deleted is not edited any more") {
    Changing talk;
    REQUIRE(talk.edit("hello", talk.now));
    REQUIRE(talk.remove(talk.now));
    CHECK(code_of(talk.edit("again", talk.now)) == "being_deleted");
    CHECK(talk.take(talk.now).at(0).changes.at(0).kind == ChangeKind::remove);
}

TEST_CASE("the messenger's time is asked when a change is wanted and when it leaves") {
    Changing talk;
    CHECK(code_of(talk.edit("hello", talk.now + 2h)) == "too_late");
    CHECK(code_of(talk.remove(talk.now + 48h)) == "too_late");
    REQUIRE(talk.edit("hello", talk.now + 2h - 1s));
    CHECK(talk.take(talk.now + 2h).empty());
    CHECK(talk.shown().wanted_change->error_code == "too_late");
    talk.messenger.own_traits().edit_within = std::nullopt;
    REQUIRE(talk.edit("hello", talk.now + 900h));
    CHECK(talk.take(talk.now + 900h).size() == 1);
}

TEST_CASE("a messenger that cannot change messages is not asked to") {
    Changing talk;
    talk.messenger.own_traits().edit_within = 0ms;
    talk.messenger.own_traits().delete_within = 0ms;
    CHECK(code_of(talk.edit("hello", talk.now)) == "not_changeable");
    CHECK(code_of(talk.remove(talk.now)) == "not_changeable");
    CHECK_FALSE(talk.shown().wanted_change);
}

TEST_CASE("only what has reached the provider from here can be changed") {
    Changing talk;
    talk.sent = talk.question;
    CHECK(code_of(talk.edit("hello", talk.now)) == "not_ours");
    talk.sent = make_id<MessageId>();
    CHECK(code_of(talk.remove(talk.now)) == "not_found");
    talk.sent = talk.send(talk.text("waits", "c-2"), talk.now)->message.id;
    CHECK(code_of(talk.edit("hello", talk.now)) == "still_leaving");
    const Leaving leaving = talk.take(talk.now).at(0);
    CHECK(code_of(talk.remove(talk.now)) == "still_leaving");
    talk.note(leaving, Unanswered{"lost"}, talk.now);
    CHECK(code_of(talk.remove(talk.now)) == "not_arrived");
}

TEST_CASE("a text that left in parts is deleted in every part and not edited") {
    Changing talk;
    talk.sent = talk.send(talk.text("longer than ten", "c-2"), talk.now)->message.id;
    talk.deliver("wamid.2", talk.now);
    talk.deliver("wamid.3", talk.now);
    CHECK(code_of(talk.edit("short", talk.now)) == "in_parts");
    REQUIRE(talk.remove(talk.now));
    const Leaving leaving = talk.take(talk.now).at(0);
    REQUIRE(leaving.changes.size() == 2);
    CHECK(leaving.changes[0].target.value() == "wamid.2");
    CHECK(leaving.changes[1].target.value() == "wamid.3");
    talk.note(leaving, Accepted{}, talk.now);
    CHECK(talk.shown().is_deleted);
}

TEST_CASE("an edit brings words that the messenger takes as one message") {
    Changing talk;
    CHECK(code_of(talk.edit(" \n", talk.now)) == "empty_text");
    CHECK(code_of(talk.edit("longer than ten", talk.now)) == "text_too_long");
    CHECK(code_of(talk.edit("unspeakable", talk.now)) == "invalid");
    talk.in_workspace([&](Transaction& tx) {
        Message place = *tx.message(talk.sent);
        place.id = make_id<MessageId>();
        place.client_id = "c-place";
        place.provider_id = {};
        place.type = "location";
        tx.insert_message_if_new(talk.channel.id, place);
        Delivery delivery;
        delivery.id = make_id<DeliveryId>();
        delivery.message = talk.sent = place.id;
        delivery.status = MessageStatus::sent;
        delivery.provider_id = ProviderMessageId{"wamid.P"};
        tx.insert_delivery(talk.channel.id, delivery);
    });
    CHECK(code_of(talk.edit("there", talk.now)) == "not_changeable");
    CHECK(talk.remove(talk.now));
}

TEST_CASE("the provider's own news of an earlier edit of ours take nothing back") {
    Changing talk;
    talk.messenger.own_traits().edit_within = 24h;
    for (const char* words : {"one", "two"}) {
        talk.now += 1min;
        REQUIRE(talk.edit(words, talk.now));
        talk.note(talk.take(talk.now).at(0), Accepted{}, talk.now);
    }
    MessageChange echo;
    echo.target = ProviderMessageId{"wamid.1"};
    echo.text = "one";
    const auto arrives = [&](Timestamp happened_at) {
        echo.provider_time = happened_at;
        echo.key = "event of " + std::to_string(happened_at.time_since_epoch().count());
        talk.in_workspace(
            [&](Transaction& tx) { record_event(tx, talk.channel, talk.messenger.traits(), {{}, echo}, talk.now); });
        return talk.shown().text;
    };
    CHECK(arrives(talk.now - 1min) == "two");
    CHECK(arrives(talk.now + 1min) == "one");  // somebody edited it in the messenger's own program since
}

TEST_CASE("a change that waits ends with its channel, or after a day") {
    Changing talk;
    REQUIRE(talk.edit("hello", talk.now));
    SUBCASE("disconnected") {
        talk.in_workspace([&](Transaction& tx) { disconnect(tx, talk.channel.id, talk.now); });
        CHECK(talk.shown().wanted_change->error_code == "channel_gone");
    }
    SUBCASE("disconnected while it left") {
        const Leaving leaving = talk.take(talk.now).at(0);
        talk.in_workspace([&](Transaction& tx) { disconnect(tx, talk.channel.id, talk.now); });
        talk.note(leaving, Accepted{}, talk.now);
        CHECK(talk.shown().text == "hello");
        CHECK_FALSE(talk.shown().wanted_change);
    }
    SUBCASE("waits for longer than a day") {
        talk.messenger.own_traits().edit_within = std::nullopt;
        CHECK(talk.take(talk.now + 24h).empty());
        CHECK(talk.shown().wanted_change->error_code == "expired");
    }
    CHECK(talk.take(talk.now + 1h).empty());
}

TEST_CASE("a client id that is repeated finds its message though it was edited since") {
    Changing talk;
    REQUIRE(talk.edit("hello", talk.now));
    talk.note(talk.take(talk.now).at(0), Accepted{}, talk.now);
    const auto again = talk.send(talk.text("helo"), talk.now);
    REQUIRE(again);
    CHECK_FALSE(again->is_new);
}
