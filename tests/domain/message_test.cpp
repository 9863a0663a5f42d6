#include "domain/message.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace okno;

static Delivery delivery(int attempt, MessageStatus status, int part = 0) {
    Delivery made;
    made.id = make_id<DeliveryId>();
    made.attempt = attempt;
    made.part = part;
    made.status = status;
    return made;
}

TEST_CASE("in whatever order statuses come, the shown one is the furthest") {
    std::vector<MessageStatus> reports{MessageStatus::sent, MessageStatus::failed, MessageStatus::delivered,
                                       MessageStatus::read};
    do {
        MessageStatus shown = MessageStatus::queued;
        for (const MessageStatus report : reports) {
            const MessageStatus before = shown;
            shown = advance(shown, report);
            REQUIRE(shown >= before);
        }
        CHECK(shown == MessageStatus::read);
    } while (std::ranges::next_permutation(reports).found);
}

TEST_CASE("a delivered report corrects a failed one") {
    CHECK(advance(MessageStatus::failed, MessageStatus::delivered) == MessageStatus::delivered);
    CHECK(advance(MessageStatus::delivered, MessageStatus::failed) == MessageStatus::delivered);
}

TEST_CASE("a retry shows its own state, not the failure before it") {
    CHECK(shown_delivery({delivery(1, MessageStatus::failed), delivery(2, MessageStatus::queued)}).attempt == 2);
}

TEST_CASE("an older attempt that proves delivered is shown") {
    const Delivery shown = shown_delivery({delivery(1, MessageStatus::delivered), delivery(2, MessageStatus::failed)});
    CHECK(shown.attempt == 1);
    CHECK(shown.status == MessageStatus::delivered);
}

TEST_CASE("a text in parts is as far as its slowest part") {
    const Delivery shown = shown_delivery({delivery(1, MessageStatus::read, 0), delivery(1, MessageStatus::sent, 1)});
    CHECK(shown.status == MessageStatus::sent);
}

TEST_CASE("a text of which one part failed has failed, until that part is tried again") {
    const Delivery failed = delivery(1, MessageStatus::failed, 1);
    CHECK(shown_delivery({delivery(1, MessageStatus::delivered, 0), failed}).status == MessageStatus::failed);
    CHECK(shown_delivery({delivery(1, MessageStatus::delivered, 0), failed, delivery(2, MessageStatus::sent, 1)})
              .status == MessageStatus::sent);
}

TEST_CASE("a message stands at the provider's time only when that is near its arrival") {
    const Timestamp arrival = from_millis(1'795'000'000'250);
    CHECK(place_in_conversation(arrival - 9min, arrival, arrival) == arrival - 9min);
    CHECK(place_in_conversation(arrival - 11min, arrival, arrival) == arrival);
    CHECK(place_in_conversation(arrival + 1s, arrival, arrival) == arrival);
    CHECK(place_in_conversation(std::nullopt, arrival, arrival) == arrival);
}

TEST_CASE("what answers our message within the same second stands behind it, though its time has whole seconds") {
    const Timestamp second = from_millis(1'795'000'000'000);
    const Timestamp ours = second + 300ms;
    CHECK(place_in_conversation(second, second + 900ms, ours) == second + 900ms);
    CHECK(place_in_conversation(second, second + 5s, ours) > ours);
    CHECK(place_in_conversation(second, second + 5s, ours) < second + 1s);
}

TEST_CASE("a message that comes after our clock went back stands after those that came before") {
    const Timestamp arrival = from_millis(1'795'000'000'000);
    const Timestamp newest = arrival + 1h;
    CHECK(place_in_conversation(std::nullopt, arrival, newest) == newest + 1ms);
    CHECK(place_in_conversation(arrival - 1s, arrival, newest) == newest + 1ms);
}

TEST_CASE("every status reads back from its name") {
    for (std::size_t i = 0; i < message_status_count; ++i) {
        const auto status = static_cast<MessageStatus>(i);
        CHECK(read_message_status(name_of(status)) == status);
    }
    CHECK_FALSE(read_message_status("gone"));
}
