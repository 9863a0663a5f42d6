// What a gateway's refusals and silence mean for a message.
#include "messengers/gateway/a_session.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::gateway;

static SendOutcome after(Result<HttpReply> reply, const OutboundMessage& message = to_maria("text", "x")) {
    RecordedReplies http;
    http.replies.push_back(std::move(reply));
    return wait_for(GatewayMessenger{}.send(message, a_session(), http));
}

static SendOutcome after(int status, const std::string& body) { return after(HttpReply{status, {}, body}); }

// Of a kind that takes no id of ours.
static OutboundMessage a_reaction() { return to_maria("reaction", "", R"({"message_id":"3EB0A1","emoji":"x"})"); }

TEST_CASE("a wrong key and a missing session break the channel in the gateway's words") {
    for (const auto& [status, body, code] :
         {std::tuple{401, R"({"message":"Unauthorized","statusCode":401})", "token_broken"},
          {403, R"({"message":"Forbidden"})", "token_broken"},
          {404, R"({"message":"Session \"sales\" does not exist"})", "session_missing"},
          {422, R"({"message":"Session \"sales\" does not exist"})", "session_missing"}}) {
        CAPTURE(body);
        const auto rejected = std::get<Rejected>(after(status, body));
        CHECK(rejected.code == code);
        CHECK(rejected.about_channel == ChannelNotice::Kind::broken);
    }
    CHECK(std::get<Rejected>(after(401, R"({"message":"Unauthorized"})")).detail == "Unauthorized");
}

TEST_CASE("a session that is not ready holds the channel, and the message waits") {
    const auto later = std::get<RetryLater>(
        after(422, R"({"error":"Session status is not as expected. Try again later or restart the session",
                       "status":"FAILED","expected":["WORKING"]})"));
    CHECK(later.after == 30s);
    CHECK(later.scope == RetryScope::channel);
    CHECK(later.max_tries == 0);
}

TEST_CASE("what is our defect, or this engine cannot do, fails") {
    CHECK(std::get<Rejected>(after(400, R"({"message":["text must be a string"],"error":"Bad Request"})")).detail ==
          "text must be a string");
    CHECK(std::get<Rejected>(after(422, R"({"message":"The method is not implemented by the engine."})")).code ==
          "type_not_supported");
    CHECK(std::get<Rejected>(after(413, "{}")).code == "file_too_large");
    const auto unknown = std::get<Rejected>(after(418, "{}"));
    CHECK(unknown.code == "provider_418");
    CHECK_FALSE(unknown.about_channel);
}

TEST_CASE("a gateway that is busy is asked again, the whole channel more slowly") {
    const auto fast = std::get<RetryLater>(after(429, "{}"));
    CHECK(fast.after == 1s);
    CHECK(fast.is_too_fast);
    CHECK(fast.scope == RetryScope::channel);
    for (const int status : {502, 503, 504})
        CHECK(std::get<RetryLater>(after(status, "<html>")).scope == RetryScope::channel);
    CHECK(std::get<RetryLater>(after(500, R"({"exception":{"message":"odd"}})")).reason == "odd");
}

TEST_CASE("a broken browser of the gateway is started anew, once a try") {
    RecordedReplies http;
    http.answer(500, R"({"statusCode":500,"exception":{"message":"Protocol error: Runtime.callFunctionOn"
}
})");
    http.answer(201, "{}");
    const auto outcome = wait_for(GatewayMessenger{}.send(to_maria("text", "x"), a_session(), http));
    CHECK(std::get<RetryLater>(outcome).max_tries == 3);
    REQUIRE(http.asked.size() == 2);
    CHECK(http.asked[1].url.ends_with("/api/sessions/sales/restart"));
    CHECK(http.asked[1].method == "POST");
}

TEST_CASE("a lost answer is asked for again only where the gateway knows the message by its id") {
    const auto lost = fail(ErrorKind::left_no_answer, "left_no_answer", "timed out");
    CHECK(std::get<RetryLater>(after(lost)).max_tries == 8);
    CHECK(std::holds_alternative<Unanswered>(after(lost, a_reaction())));
    CHECK(std::holds_alternative<Unanswered>(after(HttpReply{504, {}, ""}, a_reaction())));
    const auto unreached = after(fail(ErrorKind::never_left, "never_left", "no route"), a_reaction());
    CHECK(std::get<RetryLater>(unreached).scope == RetryScope::channel);
}

TEST_CASE("engines wrap the id of an answer in ways of their own") {
    for (const char* answer : {R"({"id":"true_79@c.us_ABC"})", R"({"id":{"_serialized":"true_79@c.us_ABC"}})",
                               R"({"key":{"id":"ABC"}})", R"({"_data":{"id":{"_serialized":"true_79@c.us_ABC"}}})"})
        CHECK(std::get<Accepted>(after(HttpReply{201, {}, answer}, a_reaction())).id.value() == "ABC");
    CHECK(std::get<Accepted>(after(HttpReply{201, {}, ""}, a_reaction())).id.value().empty());
}
