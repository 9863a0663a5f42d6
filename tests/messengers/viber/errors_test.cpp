// What Viber's statuses and silence mean for a message.
#include "messengers/viber/a_bot.hpp"
#include "messengers/viber/api.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::viber;

static SendOutcome after(RecordedReplies& http, OutboundMessage message = a_message("text", "x")) {
    return wait_for(ViberMessenger{}.send(std::move(message), a_bot(), http));
}

static SendOutcome after(Result<HttpReply> reply) {
    RecordedReplies http;
    http.replies.push_back(std::move(reply));
    return after(http);
}

static SendOutcome after(int status) { return after(HttpReply{200, {}, refusal_with(status)}); }

TEST_CASE("a message that Viber takes is known by its token and tells its price") {
    const auto accepted = std::get<Accepted>(after(HttpReply{200, {}, taken}));
    CHECK(accepted.id.value() == "5741311803571721087");
    CHECK(boost::json::parse(accepted.price) ==
          boost::json::parse(R"({"billable":false,"category":"session","type":"billing_status_1"})"));
    const auto price = [](const std::string& billing) {
        return std::get<Accepted>(
                   after(HttpReply{200, {}, R"({"status":0,"message_token":"7","billing_status":)" + billing + "}"}))
            .price;
    };
    CHECK(boost::json::parse(price("3")).at("billable") == true);
    CHECK(boost::json::parse(price("2")).at("billable") == false);
    CHECK(boost::json::parse(price("4")).at("billable").is_null());
    CHECK(price("0").empty());
}

TEST_CASE("who is not subscribed or not there is blocked until they turn to us again") {
    CHECK(std::get<Rejected>(after(6)).code == "person_blocked");
    CHECK(std::get<Rejected>(after(6)).blocks_person);
    CHECK(std::get<Rejected>(after(5)).code == "person_unreachable");
    CHECK(std::get<Rejected>(after(5)).blocks_person);
}

TEST_CASE("a dead token and a stopped bot break the channel") {
    for (const int status : {2, 7, 8, 9, 15}) {
        CAPTURE(status);
        CHECK(std::get<Rejected>(after(status)).about_channel == ChannelNotice::Kind::broken);
    }
    CHECK(std::get<Rejected>(after(2)).code == "token_broken");
}

TEST_CASE("what cannot be paid for is told to the admin and breaks nothing") {
    for (const int status : {23, 24})
        CHECK(std::get<Rejected>(after(status)).about_channel == ChannelNotice::Kind::warning);
    CHECK(std::get<Rejected>(after(24)).code == "payment_problem");
}

TEST_CASE("what is our defect, or will never be taken, fails with Viber's words") {
    for (const int status : {1, 3, 4, 11, 16, 17, 18, 19, 20, 21, 22}) {
        CAPTURE(status);
        const auto rejected = std::get<Rejected>(after(status));
        CHECK_FALSE(rejected.blocks_person);
        CHECK_FALSE(rejected.about_channel);
        CHECK(rejected.detail == "words");
    }
    CHECK(std::get<Rejected>(after(11)).code == "person_unreachable");
    CHECK(std::get<Rejected>(after(21)).code == "country_not_allowed");
}

TEST_CASE("too much without an answer holds this person alone, longer each time") {
    const auto later = std::get<RetryLater>(after(12));
    CHECK(later.scope == RetryScope::person);
    CHECK(later.after == 1min);
    CHECK(later.growth == 2);
    CHECK(later.max_tries == 0);
}

TEST_CASE("an error without a name is tried a few times") {
    for (const int status : {25, 999, -3})
        CHECK(std::get<RetryLater>(after(status)).max_tries == 4);
}

TEST_CASE("what got no answer is not repeated, what never left is") {
    CHECK(std::holds_alternative<Unanswered>(after(fail(ErrorKind::left_no_answer, "left_no_answer", "timed out"))));
    CHECK(std::holds_alternative<Unanswered>(after(HttpReply{500, {}, "<html>"})));
    CHECK(std::holds_alternative<Unanswered>(after(HttpReply{504, {}, ""})));
    CHECK(std::holds_alternative<Unanswered>(after(HttpReply{200, {}, R"({"status":0})"})));
    const auto unreached = std::get<RetryLater>(after(fail(ErrorKind::never_left, "never_left", "no route")));
    CHECK(unreached.scope == RetryScope::channel);
    CHECK(std::get<RetryLater>(after(HttpReply{503, {}, ""})).scope == RetryScope::channel);
    const auto fast = std::get<RetryLater>(after(HttpReply{429, {}, ""}));
    CHECK(fast.is_too_fast);
    CHECK(fast.scope == RetryScope::channel);
    CHECK(std::get<Rejected>(after(HttpReply{404, {}, ""})).code == "provider_404");
}

TEST_CASE("a webhook that Viber forgot is set again, then the message leaves once more") {
    RecordedReplies http;
    http.answer(200, refusal_with(10));
    http.answer(200, R"({"status":0,"status_message":"ok"})");
    http.answer(200, taken);
    CHECK(std::holds_alternative<Accepted>(after(http)));
    REQUIRE(http.asked.size() == 3);
    CHECK(http.asked[1].url.ends_with("/pa/set_webhook"));
    CHECK(body_of_call(http.asked[1]).at("url") == "https://okno.example/hooks/KEY");
    CHECK(http.asked[2].body == http.asked[0].body);
}

TEST_CASE("a webhook that cannot be set again breaks the channel, or waits while Viber is silent") {
    RecordedReplies http;
    http.answer(200, refusal_with(10));
    http.answer(200, refusal_with(1));
    CHECK(std::get<Rejected>(after(http)).about_channel == ChannelNotice::Kind::broken);
    http.answer(200, refusal_with(10));
    http.answer(200, R"({"status":0})");
    http.answer(200, refusal_with(10));
    CHECK(std::get<Rejected>(after(http)).about_channel == ChannelNotice::Kind::broken);
    http.answer(200, refusal_with(10));
    http.answer(502, "");
    CHECK(std::holds_alternative<RetryLater>(after(http)));
}

static const char* const choices = R"({"kind":"buttons","body":"Deliver?","buttons":[{"id":"1","title":"Yes"},
    {"id":"2","title":"No"}]})";

TEST_CASE("a program that is too old gets the choices as numbered lines, once") {
    RecordedReplies http;
    http.answer(200, refusal_with(13));
    http.answer(200, taken);
    CHECK(std::holds_alternative<Accepted>(after(http, a_message("interactive", "Deliver?", choices))));
    const auto second = body_of_call(http.asked.at(1));
    CHECK_FALSE(second.contains("keyboard"));
    CHECK(second.at("text") == "Deliver?\n1. Yes\n2. No");
    http.asked.clear();
    http.answer(200, refusal_with(13));
    CHECK(std::get<Rejected>(after(http)).code == "program_too_old");
    CHECK(http.asked.size() == 1);
}

TEST_CASE("what needs a newer program says so, once") {
    RecordedReplies http;
    http.answer(200, refusal_with(14));
    http.answer(200, refusal_with(14));
    CHECK(std::get<Rejected>(after(http, a_message("interactive", "Deliver?", choices))).code == "version_too_low");
    REQUIRE(http.asked.size() == 2);
    CHECK(body_of_call(http.asked[0]).at("min_api_version") == 1);
    CHECK(body_of_call(http.asked[1]).at("min_api_version") == 7);
}
