// Texts in several parts, reports that come at odd moments, and trying again.
#include "support/talk.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

static const std::string two_parts = "0123456789abcdefghij";

TEST_CASE("two long texts written in the same millisecond do not mix their parts") {
    Talk talk;
    talk.send(talk.text("AAAAAAAAAAaaaaaaaaaa", "c-1"), talk.now);
    talk.send(talk.text("BBBBBBBBBBbbbbbbbbbb", "c-2"), talk.now);
    std::string order;
    for (const char* id : {"wamid.1", "wamid.2", "wamid.3", "wamid.4"})
        order += talk.deliver(id, talk.now).message.text.front();
    CHECK(order == "AaBb");
}

TEST_CASE("a paused channel's message fails as window_closed after a day, though it has expired as well") {
    Talk talk;
    const auto composed = talk.send(talk.text("hello"), talk.now);
    CHECK(talk.take(talk.now + 25h).empty());
    CHECK(talk.message(composed->message.id).error_code == "window_closed");
}

TEST_CASE("a failure that is reported before our own note of the sending keeps its reason") {
    Talk talk;
    const auto composed = talk.send(talk.text("hello"), talk.now);
    const Leaving leaving = talk.take(talk.now).at(0);
    talk.report(leaving, MessageStatus::failed, "wamid.1");
    talk.note(leaving, Accepted{ProviderMessageId{"wamid.1"}}, talk.now);
    const Message message = talk.message(composed->message.id);
    CHECK(message.status == MessageStatus::failed);
    CHECK(message.error_code == "person_unreachable");
    CHECK(message.error_message == "The phone is off");
}

TEST_CASE("a report proves that a message left, whatever the answer to its request said") {
    Talk talk;
    const auto composed = talk.send(talk.text(two_parts), talk.now);
    const Leaving leaving = talk.take(talk.now).at(0);
    talk.report(leaving, MessageStatus::delivered, "wamid.1");
    talk.note(leaving, RetryLater{6s, "busy", RetryScope::person, 1}, talk.now);
    CHECK(talk.deliver("wamid.2", talk.now).message.text == "abcdefghij");
    CHECK(talk.message(composed->message.id).status == MessageStatus::sent);
    CHECK(talk.message(composed->message.id).error_code.empty());
}

TEST_CASE("when the beginning of a long text is reported failed, its end does not leave alone") {
    Talk talk;
    const auto composed = talk.send(talk.text(two_parts), talk.now);
    talk.report(talk.deliver("wamid.1", talk.now), MessageStatus::failed);
    CHECK(talk.take(talk.now + 1h).empty());
    CHECK(talk.message(composed->message.id).error_message == "The phone is off");
    REQUIRE(talk.try_again(composed->message.id, 1, talk.now));
    CHECK(talk.deliver("wamid.3", talk.now).message.text == "0123456789");
    CHECK(talk.deliver("wamid.4", talk.now).message.text == "abcdefghij");
}

TEST_CASE("a retry sends each part that failed, also one of an earlier attempt") {
    Talk talk;
    const auto composed = talk.send(talk.text(two_parts), talk.now);
    const MessageId id = composed->message.id;
    const Leaving first = talk.deliver("wamid.1", talk.now);
    talk.note(talk.take(talk.now).at(0), Rejected{"provider_131000", "no"}, talk.now);
    REQUIRE(talk.try_again(id, 1, talk.now));
    talk.deliver("wamid.2", talk.now);
    CHECK(talk.message(id).status == MessageStatus::sent);
    talk.report(first, MessageStatus::failed);  // late, of the first attempt's first part
    CHECK(talk.message(id).status == MessageStatus::failed);
    const auto again = talk.try_again(id, 2, talk.now);
    REQUIRE(again);
    CHECK(again->attempt == 3);
    CHECK(talk.deliver("wamid.3", talk.now).message.text == "0123456789");
    CHECK(talk.message(id).status == MessageStatus::sent);
}

TEST_CASE("a person decides about each unknown part, also one of an earlier attempt") {
    Talk talk;
    const auto composed = talk.send(talk.text(two_parts), talk.now);
    const MessageId id = composed->message.id;
    talk.note(talk.take(talk.now).at(0), Unanswered{"no answer"}, talk.now);
    talk.note(talk.take(talk.now).at(0), Rejected{"provider_131000", "no"}, talk.now);
    REQUIRE(talk.try_again(id, 1, talk.now));
    const Leaving first = talk.take(talk.now).at(0);
    CHECK(first.message.text == "0123456789");
    talk.note(first, Unanswered{"no answer"}, talk.now);
    talk.deliver("wamid.2", talk.now);
    CHECK(talk.message(id).status == MessageStatus::unknown);
    CHECK(talk.in_workspace([&](Transaction& tx) { return settle(tx, id, true, talk.now)->status; }) ==
          MessageStatus::sent);
}

TEST_CASE("a retry that still waits does not leave once the earlier attempt proves delivered") {
    Talk talk;
    const auto composed = talk.send(talk.text("hello"), talk.now);
    const Leaving first = talk.take(talk.now).at(0);
    talk.note(first, Unanswered{"no answer"}, talk.now);
    REQUIRE(talk.try_again(composed->message.id, 1, talk.now));
    talk.report(first, MessageStatus::delivered, "wamid.1");
    CHECK(talk.take(talk.now + 1h).empty());
    CHECK(talk.message(composed->message.id).status == MessageStatus::delivered);
    CHECK(talk.message(composed->message.id).error_code.empty());
}

TEST_CASE("late reports of both attempts show the furthest, whichever comes first") {
    for (const bool is_first_early : {true, false}) {
        Talk talk;
        const auto composed = talk.send(talk.text("hello"), talk.now);
        const Leaving first = talk.take(talk.now).at(0);
        talk.note(first, Unanswered{"no answer"}, talk.now);
        REQUIRE(talk.try_again(composed->message.id, 1, talk.now));
        const Leaving second = talk.deliver("wamid.2", talk.now);
        talk.report(is_first_early ? first : second, MessageStatus::delivered, is_first_early ? "wamid.1" : "wamid.2");
        talk.report(is_first_early ? second : first, MessageStatus::read, is_first_early ? "wamid.2" : "wamid.1");
        CHECK(talk.message(composed->message.id).status == MessageStatus::read);
        CHECK(talk.message(composed->message.id).attempt == 2);
    }
}

TEST_CASE("the provider's refusal closes the window, and nothing else of that conversation leaves") {
    Talk talk;
    talk.send(talk.text("first", "c-1"), talk.now);
    const auto second = talk.send(talk.text("second", "c-2"), talk.now + 1ms);
    Rejected refused{"window_closed", "More than 24 hours"};
    refused.closes_window = true;
    talk.note(talk.take(talk.now + 1s).at(0), refused, talk.now + 1s);
    CHECK(talk.take(talk.now + 2s).empty());
    CHECK(talk.message(second->message.id).error_code == "window_closed");
}

TEST_CASE("an id that the provider gives to two messages spoils neither") {
    Talk talk;
    const auto first = talk.send(talk.text("first", "c-1"), talk.now);
    const auto second = talk.send(talk.text("second", "c-2"), talk.now + 1ms);
    talk.deliver("wamid.same", talk.now + 1s);
    talk.deliver("wamid.same", talk.now + 1s);
    CHECK(talk.message(first->message.id).status == MessageStatus::sent);
    CHECK(talk.message(second->message.id).status == MessageStatus::sent);
}
