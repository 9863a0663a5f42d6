// Composing, leaving, outcomes, retry and settling, over the real storage.
#include "support/talk.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

TEST_CASE("an answer leaves once, with our reference, and shows as sent") {
    Talk talk;
    const auto composed = talk.send(talk.text("hello"), talk.now);
    REQUIRE(composed);
    const auto leaving = talk.take(talk.now);
    REQUIRE(leaving.size() == 1);
    CHECK(leaving.front().message.text == "hello");
    CHECK(leaving.front().message.to.front().value == "79161234567");
    CHECK(talk.message(composed->message.id).status == MessageStatus::sending);
    CHECK(talk.take(talk.now).empty());
    talk.note(leaving.front(), Accepted{ProviderMessageId{"wamid.O"}}, talk.now);
    CHECK(talk.message(composed->message.id).status == MessageStatus::sent);
    CHECK(talk.message(composed->message.id).provider_id.value() == "wamid.O");
    CHECK(talk.take(talk.now + 1h).empty());
}

TEST_CASE("the same client id with the same body is the first message, with another body a conflict") {
    Talk talk;
    const auto first = talk.send(talk.text("hello"), talk.now);
    const auto again = talk.send(talk.text("hello"), talk.now + 1s);
    REQUIRE(again);
    CHECK_FALSE(again->is_new);
    CHECK(again->message.id == first->message.id);
    CHECK(talk.send(talk.text("other"), talk.now).error().code == "client_id_reused");
    CHECK(talk.take(talk.now + 1s).size() == 1);
}

TEST_CASE("free text is refused once the window is closed, a template is not") {
    Talk talk;
    CHECK(talk.send(talk.text("late"), talk.now + 24h).error().code == "window_closed");
    NewMessage with_template = talk.text("Your request is accepted", "c-2");
    with_template.type = "template";
    CHECK(talk.send(with_template, talk.now + 24h));
}

TEST_CASE("a message whose window closes while it waits fails at the moment of leaving and never leaves") {
    Talk talk;
    const auto composed = talk.send(talk.text("hello"), talk.now + 23h + 58min);
    REQUIRE(composed);
    CHECK(talk.take(talk.now + 24h).empty());
    const Message message = talk.message(composed->message.id);
    CHECK(message.status == MessageStatus::failed);
    CHECK(message.error_code == "window_closed");
    CHECK(talk.take(talk.now + 48h).empty());
}

TEST_CASE("a message that could not leave for a day expires instead of arriving late") {
    Talk talk;
    NewMessage wanted = talk.text("Your request is accepted");
    wanted.type = "template";
    const auto composed = talk.send(wanted, talk.now);
    CHECK(talk.take(talk.now + 24h).empty());
    CHECK(talk.message(composed->message.id).error_code == "expired");
}

TEST_CASE("a message that the provider wants later holds its conversation's order") {
    Talk talk;
    const auto first = talk.send(talk.text("first", "c-1"), talk.now);
    const auto second = talk.send(talk.text("second", "c-2"), talk.now + 1ms);
    const auto leaving = talk.take(talk.now + 1s);
    REQUIRE(leaving.size() == 1);
    talk.note(leaving.front(), RetryLater{6s, "too many", RetryScope::person, 0}, talk.now + 1s);
    CHECK(talk.message(first->message.id).status == MessageStatus::queued);
    CHECK(talk.take(talk.now + 6s).empty());
    const auto again = talk.take(talk.now + 7s);
    REQUIRE(again.size() == 1);
    CHECK(again.front().message.text == "first");
    talk.note(again.front(), Accepted{ProviderMessageId{"wamid.1"}}, talk.now + 7s);
    CHECK(talk.take(talk.now + 7s).at(0).message.text == "second");
}

TEST_CASE("order holds when our clock goes back, and what was postponed before leaves without waiting for it") {
    Talk talk;
    const auto first = talk.send(talk.text("first", "c-1"), talk.now);
    const auto second = talk.send(talk.text("second", "c-2"), talk.now - 2h);
    CHECK(talk.message(first->message.id).position <= talk.message(second->message.id).position);
    const auto leaving = talk.take(talk.now - 2h);
    REQUIRE(leaving.size() == 1);
    CHECK(leaving.front().message.text == "first");
    talk.note(leaving.front(), RetryLater{6s, "too many", RetryScope::person, 0}, talk.now);
    const auto again = talk.take(talk.now - 2h);
    REQUIRE(again.size() == 1);
    CHECK(again.front().message.text == "first");
    talk.note(again.front(), Accepted{ProviderMessageId{"wamid.1"}}, talk.now - 2h);
    CHECK(talk.take(talk.now - 2h).at(0).message.text == "second");
}

TEST_CASE("a failed message does not hold those behind it") {
    Talk talk;
    talk.send(talk.text("first", "c-1"), talk.now);
    talk.send(talk.text("second", "c-2"), talk.now + 1ms);
    talk.note(talk.take(talk.now + 1s).at(0), Rejected{"person_unreachable", "Not on WhatsApp"}, talk.now + 1s);
    CHECK(talk.take(talk.now + 1s).at(0).message.text == "second");
}

TEST_CASE("a message without answer is unknown, is not resent by itself, and a status settles it") {
    Talk talk;
    const auto composed = talk.send(talk.text("hello"), talk.now);
    const Leaving leaving = talk.take(talk.now).at(0);
    talk.note(leaving, Unanswered{"no answer within 8 s"}, talk.now);
    CHECK(talk.message(composed->message.id).status == MessageStatus::unknown);
    CHECK(talk.take(talk.now + 1h).empty());
    talk.report(leaving, MessageStatus::delivered, "wamid.O");
    CHECK(talk.message(composed->message.id).status == MessageStatus::delivered);
    CHECK(talk.message(composed->message.id).error_code.empty());
}

TEST_CASE("what was leaving when the process ended is unknown, and leaves again only by a person's will") {
    Talk talk;
    const auto composed = talk.send(talk.text("hello"), talk.now);
    REQUIRE(talk.take(talk.now).size() == 1);
    talk.restart();
    CHECK(write(*talk.storage.store, [&](StoreSession& s) { return settle_left_in_flight(s, talk.now); }) == 1);
    CHECK(talk.message(composed->message.id).status == MessageStatus::unknown);
    CHECK(talk.take(talk.now + 1h).empty());
    talk.in_workspace([&](Transaction& tx) {
        const MessageId id = composed->message.id;
        CHECK(retry(tx, talk.messenger, id, 1, false, talk.now).error().code == "confirm_unknown");
        CHECK(retry(tx, talk.messenger, id, 1, true, talk.now));
        CHECK(retry(tx, talk.messenger, id, 1, true, talk.now).error().code == "not_last_attempt");
    });
    const auto again = talk.take(talk.now + 1h);
    REQUIRE(again.size() == 1);
    CHECK(talk.message(composed->message.id).attempt == 2);
}

TEST_CASE("a retry of a failed message really leaves, under another reference") {
    Talk talk;
    const auto composed = talk.send(talk.text("hello"), talk.now);
    const Leaving first = talk.take(talk.now).at(0);
    talk.note(first, Rejected{"provider_131000", "Something went wrong"}, talk.now);
    CHECK(talk.message(composed->message.id).error_message == "Something went wrong");
    CHECK(talk.in_workspace([&](Transaction& tx) {
        return retry(tx, talk.messenger, composed->message.id, 1, false, talk.now).has_value();
    }));
    const auto again = talk.take(talk.now);
    REQUIRE(again.size() == 1);
    CHECK(again.front().message.reference != first.message.reference);
    CHECK(talk.message(composed->message.id).error_code.empty());
}

TEST_CASE("a long text leaves in parts, one after another; a retry repeats only what failed") {
    Talk talk;
    const auto composed = talk.send(talk.text("0123456789abcdefghij"), talk.now);
    const auto first = talk.take(talk.now);
    REQUIRE(first.size() == 1);
    CHECK(first.front().message.text == "0123456789");
    talk.note(first.front(), Accepted{ProviderMessageId{"wamid.1"}}, talk.now);
    talk.note(talk.take(talk.now).at(0), Rejected{"provider_131000", "no"}, talk.now);
    CHECK(talk.message(composed->message.id).status == MessageStatus::failed);
    talk.in_workspace([&](Transaction& tx) {
        return retry(tx, talk.messenger, composed->message.id, 1, false, talk.now).has_value();
    });
    const auto again = talk.take(talk.now);
    REQUIRE(again.size() == 1);
    CHECK(again.front().message.text == "abcdefghij");
}

TEST_CASE("when the beginning of a long text is refused, its end does not leave alone") {
    Talk talk;
    talk.send(talk.text("0123456789abcdefghij"), talk.now);
    talk.note(talk.take(talk.now).at(0), Rejected{"provider_131000", "no"}, talk.now);
    CHECK(talk.take(talk.now + 1h).empty());
}

TEST_CASE("a broken token stops the channel with the provider's words and keeps the rest queued") {
    Talk talk;
    talk.send(talk.text("first", "c-1"), talk.now);
    const auto second = talk.send(talk.text("second", "c-2"), talk.now + 1ms);
    Rejected rejected{"token_broken", "Error validating access token"};
    rejected.about_channel = ChannelNotice::Kind::broken;
    talk.note(talk.take(talk.now + 1s).at(0), rejected, talk.now + 1s);
    const auto channel = talk.in_workspace([&](Transaction& tx) { return *tx.channel(talk.channel.id); });
    CHECK(channel.state == ChannelState::broken);
    CHECK(channel.state_reason == "Error validating access token");
    CHECK(talk.take(talk.now + 1min).empty());
    CHECK(talk.message(second->message.id).status == MessageStatus::queued);
}

TEST_CASE("of two operators who answer at once the second is stopped and shown the first's answer") {
    Talk talk;
    NewMessage first = talk.text("I look into it", "c-1");
    NewMessage second = talk.text("Please wait", "c-2");
    first.seen = second.seen = talk.question;
    second.author = talk.denis;
    const auto marias = talk.send(first, talk.now);
    const auto deniss = talk.send(second, talk.now + 1s);
    REQUIRE_FALSE(deniss);
    CHECK(deniss.error().code == "colleague_answered");
    CHECK(deniss.error().where == marias->message.id.value().text());
    second.seen = marias->message.id;  // "send anyway"
    CHECK(talk.send(second, talk.now + 2s));
}

TEST_CASE("a note is for colleagues: it never leaves and the customer still waits") {
    Talk talk;
    CHECK(talk.in_workspace(
        [&](Transaction& tx) { return write_note(tx, talk.text("call him"), talk.now).has_value(); }));
    CHECK(talk.take(talk.now + 1h).empty());
    CHECK(
        talk.in_workspace([&](Transaction& tx) { return tx.conversation(talk.conversation, std::nullopt)->waiting; }));
}

TEST_CASE("a queued message can be taken back, one that leaves cannot") {
    Talk talk;
    const auto first = talk.send(talk.text("first", "c-1"), talk.now);
    talk.in_workspace([&](Transaction& tx) { CHECK(take_back(tx, first->message.id, talk.now)); });
    CHECK(talk.take(talk.now + 1h).empty());
    const auto second = talk.send(talk.text("second", "c-2"), talk.now);
    REQUIRE(talk.take(talk.now).size() == 1);
    talk.in_workspace(
        [&](Transaction& tx) { CHECK(take_back(tx, second->message.id, talk.now).error().code == "already_leaving"); });
}

TEST_CASE("a person may decide about an unknown message, and only about such a one") {
    Talk talk;
    const auto composed = talk.send(talk.text("hello"), talk.now);
    const MessageId id = composed->message.id;
    talk.in_workspace([&](Transaction& tx) { CHECK(settle(tx, id, true, talk.now).error().code == "not_unknown"); });
    talk.note(talk.take(talk.now).at(0), Unanswered{"no answer"}, talk.now);
    talk.in_workspace(
        [&](Transaction& tx) { CHECK(settle(tx, id, false, talk.now)->status == MessageStatus::failed); });
}

TEST_CASE("what the messenger does not take is refused before it is queued") {
    Talk talk;
    const auto refused = talk.send(talk.text("unspeakable"), talk.now);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().where == "text");
    CHECK(talk.take(talk.now).empty());
}

TEST_CASE("the next message goes to the number as the provider spelled it in its answer") {
    Talk talk;
    talk.send(talk.text("first", "c-1"), talk.now);
    Accepted accepted{ProviderMessageId{"wamid.O"}};
    accepted.addresses = {{"bsuid", "RU.1", "RU.1"}, {"phone", "079161234567", "79161234567"}};
    talk.note(talk.take(talk.now).front(), accepted, talk.now);
    talk.send(talk.text("second", "c-2"), talk.now);
    const auto leaving = talk.take(talk.now);
    REQUIRE(leaving.size() == 1);
    REQUIRE(leaving.front().message.to.size() == 2);
    CHECK(leaving.front().message.to[0].value == "RU.1");
    CHECK(leaving.front().message.to[1].value == "079161234567");
}

TEST_CASE("a refusal that warns of the account is shown at the channel, which goes on sending") {
    Talk talk;
    talk.send(talk.text("first", "c-1"), talk.now);
    Rejected rejected{"spam_limit", "Too many blocked you"};
    rejected.about_channel = ChannelNotice::Kind::warning;
    talk.note(talk.take(talk.now).front(), rejected, talk.now);
    const auto channel = talk.in_workspace([&](Transaction& tx) { return *tx.channel(talk.channel.id); });
    CHECK(channel.state == ChannelState::connecting);
    CHECK(channel.state_reason == "Too many blocked you");
    talk.send(talk.text("second", "c-2"), talk.now);
    CHECK(talk.take(talk.now).size() == 1);
}

TEST_CASE("what the provider says of the price when it takes a message is shown with it") {
    Talk talk;
    const auto composed = talk.send(talk.text("hello"), talk.now);
    const std::string price = R"({"billable":true,"category":"bot_initiated","type":"billing_status_3"})";
    talk.note(talk.take(talk.now).at(0), Accepted{ProviderMessageId{"wamid.1"}, {}, price}, talk.now);
    CHECK(talk.message(composed->message.id).price == price);
}
