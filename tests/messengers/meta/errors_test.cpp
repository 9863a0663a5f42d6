// What Meta's refusals and silence mean for a message.
#include "messengers/meta/errors.hpp"

#include "messengers/meta/an_account.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

static SendOutcome after(Result<HttpReply> reply, bool is_late = false) {
    RecordedReplies http;
    http.replies.push_back(std::move(reply));
    OutboundMessage message = to_person("text", "x");
    message.is_late = is_late;
    return wait_for(meta::FacebookMessenger{}.send(std::move(message), a_page(), http));
}

static SendOutcome after(int code, int subcode = 0, bool is_late = false) {
    return after(HttpReply{400, {}, error_body(code, subcode)}, is_late);
}

TEST_CASE("a closed window closes the conversation's window and nothing more") {
    for (const int subcode : {2018278, 2018065, 2534022}) {
        const auto rejected = std::get<Rejected>(after(10, subcode));
        CHECK(rejected.code == "window_closed");
        CHECK(rejected.closes_window);
        CHECK_FALSE(rejected.about_channel);
        CHECK_FALSE(rejected.blocks_person);
    }
}

TEST_CASE("who cannot be reached is blocked until they turn to us again") {
    for (const auto& [code, subcode] : {std::pair{551, 1545041},
                                        {551, 0},
                                        {200, 1545041},
                                        {230, 0},
                                        {100, 2018001},
                                        {100, 2534014},
                                        {2022, 2534014}}) {
        CAPTURE(code);
        CAPTURE(subcode);
        const auto rejected = std::get<Rejected>(after(code, subcode));
        CHECK(rejected.blocks_person);
        CHECK_FALSE(rejected.about_channel);
    }
}

TEST_CASE("a dead token or a missing permission breaks the channel") {
    for (const int code : {3, 10, 102, 190, 200, 210, 299, 368}) {
        CAPTURE(code);
        CHECK(std::get<Rejected>(after(code)).about_channel == ChannelNotice::Kind::broken);
    }
    for (const int subcode : {458, 460, 463, 467})
        CHECK(std::get<Rejected>(after(190, subcode)).code == "token_broken");
    CHECK(std::get<Rejected>(after(10, 2018108)).code == "permission_missing");
    CHECK(std::get<Rejected>(after(368)).code == "account_restricted");
}

TEST_CASE("what may pass is tried again, three times") {
    for (const int code : {1, 2, 1200}) {
        const auto later = std::get<RetryLater>(after(code));
        CHECK(later.max_tries == 3);
        CHECK(later.scope == RetryScope::person);
    }
    CHECK(std::get<RetryLater>(after(HttpReply{400, {}, error_body(100, 0, true)})).max_tries == 3);
    CHECK(std::get<RetryLater>(after(HttpReply{500, {}, "oops"})).max_tries == 3);
}

TEST_CASE("too many calls slow the channel, for as long as the header of usage says") {
    for (const int code : {4, 17, 32, 613, 80002, 80006}) {
        CAPTURE(code);
        const auto later = std::get<RetryLater>(after(code));
        CHECK(later.scope == RetryScope::channel);
        CHECK(later.is_too_fast);
        CHECK(later.after == (code == 613 ? 1min : 5min));
    }
    HttpReply reply{403, {}, error_body(613)};
    reply.headers.set("X-Business-Use-Case-Usage",
                      R"({"1":[{"type":"messenger","estimated_time_to_regain_access":7}],"2":[{"call_count":1}]})");
    CHECK(std::get<RetryLater>(after(reply)).after == 7min);
}

TEST_CASE("a restricted Page rests for an hour") {
    const auto later = std::get<RetryLater>(after(10, 1893063));
    CHECK(later.after == 1h);
    CHECK(later.scope == RetryScope::channel);
    CHECK_FALSE(later.is_too_fast);
}

TEST_CASE("what is our defect, or unknown, fails with Meta's words and its trace") {
    for (const auto& [code, subcode] : {std::pair{100, 0}, {100, 2018034}, {100, 1893061}, {100, 2018109}, {4242, 0}}) {
        CAPTURE(code);
        const auto rejected = std::get<Rejected>(after(code, subcode));
        CHECK_FALSE(rejected.blocks_person);
        CHECK_FALSE(rejected.about_channel);
        CHECK(rejected.detail == "words [AbC]");
    }
    CHECK(std::get<Rejected>(after(4242)).code == "provider_4242");
    CHECK(std::get<Rejected>(after(100, 2018109)).code == "media_not_accepted");
    CHECK(std::get<Rejected>(after(200, 2018028)).code == "not_a_tester");
    CHECK(std::get<Rejected>(after(100, 99)).code == "bad_request");
}

TEST_CASE("without the Human Agent feature a late answer closes the window and warns, the channel goes on") {
    for (const auto& [code, subcode] : {std::pair{10, 0}, {200, 0}, {100, 1893061}}) {
        const auto rejected = std::get<Rejected>(after(code, subcode, true));
        CHECK(rejected.code == "human_agent_missing");
        CHECK(rejected.closes_window);
        CHECK(rejected.about_channel == ChannelNotice::Kind::warning);
    }
    CHECK(std::get<Rejected>(after(190, 0, true)).code == "token_broken");
    CHECK(std::get<Rejected>(after(10, 2018278, true)).code == "window_closed");
}

TEST_CASE("a lost answer may have arrived; what never left waits with its channel") {
    CHECK(std::holds_alternative<Unanswered>(after(fail(ErrorKind::left_no_answer, "left_no_answer", "timed out"))));
    CHECK(std::holds_alternative<Unanswered>(after(HttpReply{502, {}, "<html>"})));
    CHECK(std::holds_alternative<Unanswered>(after(HttpReply{200, {}, "{}"})));
    const auto unreached = after(fail(ErrorKind::never_left, "never_left", "no route"));
    CHECK(std::get<RetryLater>(unreached).scope == RetryScope::channel);
    CHECK(std::get<RetryLater>(after(HttpReply{429, {}, ""})).is_too_fast);
}

TEST_CASE("what was done before is done") { CHECK(std::holds_alternative<Accepted>(after(10900))); }

TEST_CASE("a conversation that another app leads is taken over once") {
    RecordedReplies http;
    http.answer(403, error_body(10, 2018300));
    http.answer(200, R"({"success":true})");
    http.answer(200, sent_body);
    const auto send = [&] { return wait_for(meta::FacebookMessenger{}.send(to_person("text", "x"), a_page(), http)); };
    CHECK(std::holds_alternative<Accepted>(send()));
    REQUIRE(http.asked.size() == 3);
    CHECK(http.asked[1].url.find("/104500000000001/take_thread_control?") != std::string::npos);
    CHECK(http.asked[1].body == R"({"recipient":{"id":"5501"}})");
    http.answer(400, error_body(100, 2018300));
    http.answer(403, error_body(10));
    http.answer(200, R"({"success":true})");
    const auto rejected = std::get<Rejected>(send());
    CHECK(rejected.code == "other_app_leads");
    CHECK_FALSE(rejected.about_channel);
    REQUIRE(http.asked.size() == 6);
    CHECK(http.asked[5].url.find("/request_thread_control?") != std::string::npos);
}

TEST_CASE("the errors of other calls may pass or not") {
    const auto kind = [](int code, int status = 400) {
        return meta::read_reply(HttpReply{status, {}, error_body(code)}).error().kind;
    };
    CHECK(kind(613) == ErrorKind::unavailable);
    CHECK(kind(2) == ErrorKind::unavailable);
    CHECK(kind(4242, 500) == ErrorKind::unavailable);
    CHECK(kind(190) == ErrorKind::conflict);
    CHECK(meta::read_reply(HttpReply{500, {}, ""}).error().kind == ErrorKind::unavailable);
    CHECK(meta::read_reply(HttpReply{400, {}, error_body(190)}).error().code == "token_broken");
}
