// What VK's refusals and silence mean for a message.
#include "messengers/vk/a_group.hpp"
#include "messengers/vk/api.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::vk;

static SendOutcome after(Result<HttpReply> reply) {
    RecordedReplies http;
    http.replies.push_back(std::move(reply));
    return wait_for(VkMessenger{}.send(a_message("text", "x"), a_group(), http));
}

static SendOutcome after(int code) { return after(HttpReply{200, {}, error_of(code)}); }

TEST_CASE("who takes no messages is blocked until they turn to us again, inside a success too") {
    for (const int code : {18, 113, 900, 901, 902, 917, 936, 945, 3610}) {
        CAPTURE(code);
        const auto rejected = std::get<Rejected>(after(code));
        CHECK(rejected.blocks_person);
        CHECK_FALSE(rejected.about_channel);
    }
    CHECK(std::get<Rejected>(after(901)).code == "person_blocked");
    CHECK(std::get<Rejected>(after(900)).code == "person_blacklisted");
    const auto one = std::get<Rejected>(after(HttpReply{200, {}, R"({"response":[{"peer_id":1,"message_id":0,
        "error":{"code":901,"description":"Can't send messages for users without permission"}}]})"}));
    CHECK(one.blocks_person);
    CHECK(one.detail == "Can't send messages for users without permission");
}

TEST_CASE("a dead key breaks the channel") {
    for (const int code : {5, 7, 15, 17, 20, 24, 25, 27, 28, 203}) {
        CAPTURE(code);
        CHECK(std::get<Rejected>(after(code)).about_channel == ChannelNotice::Kind::broken);
    }
    CHECK(std::get<Rejected>(after(5)).code == "token_broken");
    CHECK(std::get<Rejected>(after(15)).code == "permission_missing");
}

TEST_CASE("what may pass is tried again, as long afterwards as the page says") {
    for (const int code : {1, 10, 13}) {
        const auto later = std::get<RetryLater>(after(code));
        CHECK(later.after == 0ms);
        CHECK(later.scope == RetryScope::person);
    }
    const auto fast = std::get<RetryLater>(after(6));
    CHECK(fast.after == 1s);
    CHECK(fast.is_too_fast);
    CHECK(fast.scope == RetryScope::channel);
    const auto flood = std::get<RetryLater>(after(9));
    CHECK(flood.after == 60s);
    CHECK(flood.growth == 5);
    CHECK(flood.max_tries == 3);
    CHECK(std::get<RetryLater>(after(14)).after == 10min);
    CHECK(std::get<RetryLater>(after(14)).scope == RetryScope::channel);
    CHECK(std::get<RetryLater>(after(29)).after == 1h);
}

TEST_CASE("what is our defect, or unknown, fails with VK's words and nothing of what it echoes") {
    for (const int code : {3, 8, 23, 100, 910, 913, 914, 921, 940, 943, 950, 969, 983, 4242}) {
        CAPTURE(code);
        const auto rejected = std::get<Rejected>(after(code));
        CHECK_FALSE(rejected.blocks_person);
        CHECK_FALSE(rejected.about_channel);
        CHECK(rejected.detail == "words");
    }
    CHECK(std::get<Rejected>(after(983)).code == "provider_983");
    CHECK(std::get<Rejected>(after(914)).code == "text_too_long");
}

TEST_CASE("a lost answer is tried again, since the random id shows nothing twice") {
    const auto lost = after(fail(ErrorKind::left_no_answer, "left_no_answer", "timed out"));
    CHECK(std::get<RetryLater>(lost).scope == RetryScope::person);
    CHECK(std::get<RetryLater>(lost).max_tries == 16);
    CHECK(std::holds_alternative<RetryLater>(after(HttpReply{502, {}, "<html>"})));
    CHECK(std::holds_alternative<RetryLater>(after(HttpReply{200, {}, "{}"})));
    const auto unreached = after(fail(ErrorKind::never_left, "never_left", "no route"));
    CHECK(std::get<RetryLater>(unreached).scope == RetryScope::channel);
}

TEST_CASE("an old answer with a bare number is a success without a name in the conversation") {
    CHECK(std::get<Accepted>(after(HttpReply{200, {}, R"({"response":501})"})).id.value().empty());
}

TEST_CASE("the errors of other calls may pass or not") {
    const auto error_kind = [](int code) { return response_of(HttpReply{200, {}, error_of(code)}).error().kind; };
    CHECK(error_kind(6) == ErrorKind::unavailable);
    CHECK(error_kind(10) == ErrorKind::unavailable);
    CHECK(error_kind(5) == ErrorKind::conflict);
    CHECK(response_of(HttpReply{500, {}, ""}).error().kind == ErrorKind::unavailable);
    CHECK(response_of(HttpReply{200, {}, "7"}).error().kind == ErrorKind::unavailable);
}
