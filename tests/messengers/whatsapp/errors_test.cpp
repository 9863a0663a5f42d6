#include "messengers/whatsapp/errors.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::whatsapp;

static SendOutcome answer(int status, const std::string& body) {
    HttpReply reply;
    reply.status = status;
    reply.body = body;
    return outcome_of(reply);
}

static SendOutcome refused(int code, bool is_transient = false) {
    return answer(400, R"({"error":{"message":"(#1) short","code":)" + std::to_string(code) +
                           R"(,"error_data":{"details":"The long sentence"},"is_transient":)" +
                           (is_transient ? "true" : "false") + "}}");
}

TEST_CASE("an accepted message has Meta's id") {
    const auto outcome = answer(200, R"({"messages":[{"id":"wamid.OUT1","message_status":"accepted"}]})");
    REQUIRE(std::holds_alternative<Accepted>(outcome));
    CHECK(std::get<Accepted>(outcome).id.value() == "wamid.OUT1");
}

TEST_CASE("a closed window closes it here too, in Meta's words") {
    const auto outcome = refused(131047);
    REQUIRE(std::holds_alternative<Rejected>(outcome));
    CHECK(std::get<Rejected>(outcome).code == "window_closed");
    CHECK(std::get<Rejected>(outcome).detail == "The long sentence");
    CHECK(std::get<Rejected>(outcome).closes_window);
}

TEST_CASE("a dead token or a locked account breaks the channel") {
    for (const int code : {0, 10, 33, 190, 200, 299, 368, 131031, 131042, 133010}) {
        CAPTURE(code);
        const auto outcome = refused(code);
        REQUIRE(std::holds_alternative<Rejected>(outcome));
        CHECK(std::get<Rejected>(outcome).breaks_channel);
    }
}

TEST_CASE("a number that Meta no longer knows breaks the channel, also when it is told as a bad request") {
    const auto outcome = answer(400, R"({"error":{"message":"no such object","code":100,"error_subcode":33}})");
    REQUIRE(std::holds_alternative<Rejected>(outcome));
    CHECK(std::get<Rejected>(outcome).breaks_channel);
}

TEST_CASE("a refusal of one message does not break the channel") {
    for (const int code : {100, 131026, 131051, 132000, 132001, 132015, 131021}) {
        CAPTURE(code);
        const auto outcome = refused(code);
        REQUIRE(std::holds_alternative<Rejected>(outcome));
        CHECK_FALSE(std::get<Rejected>(outcome).breaks_channel);
        CHECK_FALSE(std::get<Rejected>(outcome).closes_window);
    }
}

TEST_CASE("too fast for the number slows the channel, too fast for a person only that person") {
    CHECK(std::get<RetryLater>(refused(130429)).scope == RetryScope::channel);
    CHECK(std::get<RetryLater>(refused(131056)).scope == RetryScope::person);
    CHECK(std::get<RetryLater>(refused(131056)).after == std::chrono::seconds{6});
}

TEST_CASE("the provider's own Retry-After rules") {
    HttpReply reply;
    reply.status = 429;
    reply.headers.set("Retry-After", "17");
    reply.body = R"({"error":{"code":130429,"message":"slow"}})";
    CHECK(std::get<RetryLater>(outcome_of(reply)).after == std::chrono::seconds{17});
}

TEST_CASE("an unknown code is tried again only when it is transient, and not for ever") {
    CHECK(std::get<Rejected>(refused(999999)).code == "provider_999999");
    CHECK(std::get<RetryLater>(refused(999999, true)).max_tries == 3);
    CHECK(std::get<RetryLater>(refused(131000)).max_tries == 3);
}

TEST_CASE("a 5xx without Meta's error, or a 200 that names nothing, may have arrived") {
    CHECK(std::holds_alternative<Unanswered>(answer(502, "<html>Bad gateway</html>")));
    CHECK(std::holds_alternative<Unanswered>(answer(200, "{}")));
}

TEST_CASE("a call that never left is safe to repeat, one that left is not") {
    CHECK(std::holds_alternative<RetryLater>(outcome_of(Error{ErrorKind::never_left, "", "refused"})));
    CHECK(std::holds_alternative<Unanswered>(outcome_of(Error{ErrorKind::left_no_answer, "", "timed out"})));
}
