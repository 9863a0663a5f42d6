// What MAX's refusals and silence mean for a message.
#include "messengers/max/a_bot.hpp"
#include "messengers/max/api.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using okno::max::answer_of;

static SendOutcome after(Result<HttpReply> reply) {
    RecordedReplies http;
    http.replies.push_back(std::move(reply));
    return wait_for(a_max().send(a_message_to_max("text", "x"), a_bot(), http));
}

static SendOutcome after(int status, const std::string& code, const std::string& message = "words") {
    return after(HttpReply{status, {}, refusal_of_max(code, message)});
}

TEST_CASE("who stopped the bot, never started it or is gone is blocked until they turn to us again") {
    struct Case {
        int status;
        const char* code;
        const char* word;
    };
    for (const Case& one :
         {Case{403, "chat.denied", "person_blocked"}, Case{404, "dialog.not.found", "person_gone"},
          Case{404, "chat.not.found", "person_gone"}, Case{404, "user.not.found", "person_gone"},
          Case{403, "access.denied", "person_unreachable"}, Case{400, "dialog.not.found", "person_gone"}}) {
        CAPTURE(one.code);
        const auto rejected = std::get<Rejected>(after(one.status, one.code));
        CHECK(rejected.blocks_person);
        CHECK_FALSE(rejected.about_channel);
        CHECK(rejected.code == one.word);
        CHECK(rejected.detail == "words");
    }
    CHECK(std::get<Rejected>(after(403, "denied", "error.dialog.suspended")).code == "person_blocked");
}

TEST_CASE("a dead token breaks the channel, with 401 as with 403") {
    for (const int status : {401, 403}) {
        const auto rejected = std::get<Rejected>(after(status, "verify.token", "Invalid access_token"));
        CHECK(rejected.about_channel == ChannelNotice::Kind::broken);
        CHECK_FALSE(rejected.blocks_person);
        CHECK(rejected.code == "token_broken");
        CHECK(rejected.detail == "Invalid access_token");
    }
    CHECK(std::get<Rejected>(after(401, "anything")).code == "token_broken");
}

TEST_CASE("what is too fast waits as long as MAX says, else a second and longer each time") {
    const auto plain = std::get<RetryLater>(after(429, "too.many.requests"));
    CHECK(plain.after == 1s);
    CHECK(plain.growth == 2);
    CHECK(plain.is_too_fast);
    CHECK(plain.scope == RetryScope::channel);
    for (const char* name : {"retry_after", "Retry-After"}) {
        HttpReply reply{429, {}, refusal_of_max("too.many.requests")};
        reply.headers.set(name, "7");
        const auto told = std::get<RetryLater>(after(reply));
        CHECK(told.after == 7s);
        CHECK(told.growth == 1);
    }
    CHECK(std::get<RetryLater>(after(HttpReply{429, {}, "<html>"})).is_too_fast);
}

TEST_CASE("what MAX itself could not do is tried again with our own pauses") {
    for (const int status : {500, 502, 503}) {
        const auto later = std::get<RetryLater>(after(status, "internal.error"));
        CHECK(later.after == 0ms);
        CHECK(later.scope == RetryScope::person);
    }
    CHECK(std::holds_alternative<RetryLater>(after(HttpReply{503, {}, "<html>"})));
}

TEST_CASE("what is our defect, or unknown, fails with MAX's words") {
    for (const auto& [status, code] : {std::pair{400, "proto.payload"}, {400, "something.new"}, {405, "method"}}) {
        const auto rejected = std::get<Rejected>(after(status, code));
        CHECK(rejected.code == "bad_request");
        CHECK_FALSE(rejected.blocks_person);
        CHECK_FALSE(rejected.about_channel);
        CHECK(rejected.detail == "words");
    }
    CHECK(std::get<Rejected>(after(413, "too.large")).code == "file_too_large");
    CHECK(std::get<Rejected>(after(418, "tea.pot")).code == "provider_418");
}

TEST_CASE("MAX knows no key under which a message could be repeated: without an answer nobody knows") {
    CHECK(std::holds_alternative<Unanswered>(after(fail(ErrorKind::left_no_answer, "left_no_answer", "timed out"))));
    CHECK(std::holds_alternative<Unanswered>(after(HttpReply{502, {}, "<html>"})));
    CHECK(std::holds_alternative<Unanswered>(after(HttpReply{200, {}, "{}"})));
    CHECK(std::holds_alternative<Unanswered>(after(HttpReply{200, {}, "<html>"})));
    const auto unreached = after(fail(ErrorKind::never_left, "never_left", "no route"));
    CHECK(std::get<RetryLater>(unreached).scope == RetryScope::channel);
    // A page of somebody who stands between says nothing about the person.
    CHECK(std::get<RetryLater>(after(HttpReply{404, {}, "<html>"})).scope == RetryScope::channel);
}

TEST_CASE("the message that is answered may be gone: then it goes without the quote") {
    RecordedReplies http;
    http.answer(404, refusal_of_max("message.not.found"));
    http.answer(200, sent_to_max("mid.2"));
    OutboundMessage message = a_message_to_max("text", "yes");
    message.reply_to = ProviderMessageId{"98765:mid.1"};
    const SendOutcome outcome = wait_for(a_max().send(message, a_bot(), http));
    CHECK(std::get<Accepted>(outcome).id.value() == "98765:mid.2");
    CHECK(http.asked.at(0).body.find("link") != std::string::npos);
    CHECK(http.asked.at(1).body.find("link") == std::string::npos);
    CHECK_FALSE(std::get<Rejected>(after(404, "message.not.found")).blocks_person);
}

TEST_CASE("the errors of other calls may pass or not, and a polite no is one") {
    const auto kind_of = [](int status, const std::string& code) {
        return answer_of(HttpReply{status, {}, refusal_of_max(code)}).error().kind;
    };
    CHECK(kind_of(429, "too.many.requests") == ErrorKind::unavailable);
    CHECK(kind_of(500, "internal.error") == ErrorKind::unavailable);
    CHECK(kind_of(401, "verify.token") == ErrorKind::conflict);
    CHECK(kind_of(400, "proto.payload") == ErrorKind::conflict);
    CHECK(answer_of(HttpReply{502, {}, "<html>"}).error().kind == ErrorKind::unavailable);
    const auto no = answer_of(HttpReply{200, {}, R"({"success":false,"message":"Subscription not found"})"});
    CHECK(no.error().kind == ErrorKind::conflict);
    CHECK(no.error().detail == "Subscription not found");
    CHECK(answer_of(HttpReply{200, {}, R"({"success":true})"}));
}
