// The rules of a channel at every way in, at a retry, and at the moment of leaving.
#include "support/talk.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

struct RuledTalk : Talk {
    void rule(const ChannelPolicy& policy) {
        channel.policy = policy;
        in_workspace([&](Transaction& tx) { tx.save_channel(channel); });
    }
    NewMessage for_purpose(Purpose purpose) {
        NewMessage out = text("hello");
        out.purpose = purpose;
        return out;
    }
    static Address stranger() { return {"phone", "79990000000", "79990000000"}; }
    NewMessage first_words() {
        NewMessage out = text("Your order has left");
        out.type = "template";
        return out;
    }
    Result<Composed> start(const NewMessage& wanted) {
        return in_workspace(
            [&](Transaction& tx) { return start_conversation(tx, messenger, channel, stranger(), wanted, now); });
    }
    std::size_t conversation_count() {
        return in_workspace([&](Transaction& tx) { return tx.conversations({}, maria.user).size(); });
    }
};

}  // namespace

TEST_CASE("a message keeps what it is for, and repeated for something else it is another") {
    RuledTalk talk;
    const auto sent = talk.send(talk.for_purpose(Purpose::sales), talk.now);
    REQUIRE(sent);
    CHECK(talk.message(sent->message.id).purpose == Purpose::sales);
    CHECK_FALSE(talk.send(talk.for_purpose(Purpose::sales), talk.now)->is_new);
    CHECK(talk.send(talk.for_purpose(Purpose::support), talk.now).error().code == "client_id_reused");
    CHECK(talk.message(talk.question).purpose == Purpose::support);
}

TEST_CASE("rules are kept with the channel") {
    RuledTalk talk;
    const ChannelPolicy policy{.is_reply_only = true, .purposes = {Purpose::research}};
    talk.rule(policy);
    talk.restart();
    CHECK(talk.in_workspace([&](Transaction& tx) { return tx.channel(talk.channel.id)->policy == policy; }));
}

TEST_CASE("what the rules do not allow is refused before anything is queued") {
    RuledTalk talk;
    CHECK(talk.send(talk.for_purpose(Purpose::marketing), talk.now).error().code == "purpose_not_allowed");
    talk.rule({.takes_broadcasts = false});
    NewMessage one_of_many = talk.text("hello all");
    one_of_many.is_broadcast = true;
    CHECK(talk.send(one_of_many, talk.now).error().code == "broadcast_not_allowed");
    talk.rule({.hours = SendingHours{.to = 1min, .utc_offset = 0h}});  // the first minute of a day: it is later
    CHECK(talk.send(talk.text("hello"), talk.now).error().code == "outside_hours");
    CHECK(talk.take(talk.now + 1h).empty());
}

TEST_CASE("who has written is answered where nobody is written to first, who has not is not") {
    RuledTalk talk;
    talk.rule({.is_reply_only = true});
    CHECK(talk.send(talk.text("an answer"), talk.now));
    const auto refused = talk.start(talk.first_words());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "reply_only");
    CHECK(talk.conversation_count() == 1);
}

TEST_CASE("a conversation that we began ourselves is not an answer") {
    RuledTalk talk;
    const auto begun = talk.start(talk.first_words());
    REQUIRE(begun);
    talk.rule({.is_reply_only = true});
    NewMessage again = talk.first_words();
    again.client_id = "c-2";
    CHECK(talk.start(again).error().code == "reply_only");
    again.conversation = begun->message.conversation;
    CHECK(talk.send(again, talk.now).error().code == "reply_only");
    // It was allowed when it was written, and is not when it would leave.
    CHECK(talk.take(talk.now).empty());
    CHECK(talk.message(begun->message.id).error_code == "reply_only");
}

TEST_CASE("a messenger that lets nobody be written to first needs no rule of an admin") {
    RuledTalk talk;
    talk.messenger.own_traits().is_reply_only = true;
    talk.messenger.own_traits().takes_broadcasts = false;
    talk.rule({.is_reply_only = false, .takes_broadcasts = true});
    CHECK(talk.start(talk.first_words()).error().code == "reply_only");
    NewMessage one_of_many = talk.text("hello all");
    one_of_many.is_broadcast = true;
    CHECK(talk.send(one_of_many, talk.now).error().code == "broadcast_not_allowed");
    CHECK(talk.send(talk.text("an answer"), talk.now));
}

TEST_CASE("a retry is held against the rules as they are now") {
    RuledTalk talk;
    const auto sent = talk.send(talk.for_purpose(Purpose::sales), talk.now);
    talk.note(talk.take(talk.now).at(0), Rejected{"provider_131000", "no"}, talk.now);
    talk.rule({.purposes = {Purpose::support}});
    CHECK(talk.try_again(sent->message.id, 1, talk.now).error().code == "purpose_not_allowed");
    talk.rule({});
    CHECK(talk.try_again(sent->message.id, 1, talk.now));
}

TEST_CASE("what waits fails with the reason when a purpose is taken away") {
    RuledTalk talk;
    const auto sent = talk.send(talk.for_purpose(Purpose::sales), talk.now);
    talk.rule({.purposes = {Purpose::support}});
    CHECK(talk.take(talk.now).empty());
    const Message message = talk.message(sent->message.id);
    CHECK(message.status == MessageStatus::failed);
    CHECK(message.error_code == "purpose_not_allowed");
    CHECK(message.error_message.find("admin") != std::string::npos);
}

TEST_CASE("what still waits when the hours are over leaves when they begin, and is not lost") {
    RuledTalk talk;
    NewMessage wanted = talk.first_words();  // no reply window ends before
    const auto sent = talk.send(wanted, talk.now);
    const auto day = std::chrono::floor<std::chrono::days>(talk.now);
    const Timestamp opens = Timestamp{day} + 24h;  // the first hour of the next day
    talk.rule({.hours = SendingHours{.to = 60min}});
    REQUIRE(opens - talk.now < 24h);
    CHECK(talk.take(talk.now).empty());
    CHECK(talk.message(sent->message.id).status == MessageStatus::queued);
    CHECK(talk.take(opens - 1ms).empty());
    CHECK(talk.take(opens).size() == 1);
}

TEST_CASE("a file that is refused may be sent when the rules allow it") {
    RuledTalk talk;
    Media upload;
    upload.id = make_id<MediaId>();
    upload.kind = "image";
    upload.mime = "image/png";
    upload.size = 10;
    upload.sha256 = "00";
    upload.state = MediaState::ready;
    talk.in_workspace([&](Transaction& tx) { tx.insert_media(upload); });
    NewMessage picture = talk.for_purpose(Purpose::marketing);
    picture.type = "image";
    picture.media = upload.id;
    CHECK(talk.send(picture, talk.now).error().code == "purpose_not_allowed");
    talk.rule({.purposes = {Purpose::marketing}});
    CHECK(talk.send(picture, talk.now));
}
