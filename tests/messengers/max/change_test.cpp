// What goes to PUT and DELETE /messages.
#include "messengers/max/a_bot.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

OutboundChange an_edit() { return {ChangeKind::edit, ProviderMessageId{"98765:mid.7"}, "image", "new", {}}; }

OutboundChange a_removal() { return {ChangeKind::remove, ProviderMessageId{"98765:mid.7"}, "text", "", {}}; }

SendOutcome change(RecordedReplies& http, OutboundChange wanted) {
    return wait_for(a_max().change(std::move(wanted), a_bot(), http));
}

SendOutcome answered(int status, const std::string& body, OutboundChange wanted) {
    RecordedReplies http;
    http.answer(status, body);
    return change(http, std::move(wanted));
}

}  // namespace

TEST_CASE("an edit in MAX names the new words alone, so that files stay") {
    RecordedReplies http;
    http.answer(200, R"({"success":true})");
    CHECK(std::holds_alternative<Accepted>(change(http, an_edit())));
    CHECK(http.asked.at(0).method == "PUT");
    CHECK(http.asked[0].url == "https://platform-api2.max.ru/messages?message_id=mid.7");
    CHECK(boost::json::parse(http.asked[0].body) == boost::json::parse(R"({"text":"new"})"));
}

TEST_CASE("a message of MAX is deleted by its id, and one that is gone is deleted") {
    RecordedReplies http;
    http.answer(200, R"({"success":true})");
    http.answer(404, refusal_of_max("message.not.found"));
    CHECK(std::holds_alternative<Accepted>(change(http, a_removal())));
    CHECK(std::holds_alternative<Accepted>(change(http, a_removal())));
    CHECK(http.asked.at(0).method == "DELETE");
    CHECK(http.asked[0].url == "https://platform-api2.max.ru/messages?message_id=mid.7");
    CHECK(http.asked[0].body.empty());
}

TEST_CASE("MAX's refusals of a change, also inside a success, say nothing of the person") {
    for (const auto& [status, body, code] :
         {std::tuple{404, refusal_of_max("message.not.found"), "message_gone"},
          {400, refusal_of_max("proto.payload", "Message is too old"), "bad_request"},
          {403, refusal_of_max("access.denied"), "person_unreachable"},
          {200, std::string(R"({"success":false,"message":"no"})"), "bad_request"}}) {
        const auto rejected = std::get<Rejected>(answered(status, body, an_edit()));
        CHECK(rejected.code == code);
        CHECK_FALSE(rejected.blocks_person);
    }
    CHECK(std::get<Rejected>(answered(401, refusal_of_max("verify.token"), an_edit())).about_channel ==
          ChannelNotice::Kind::broken);
    CHECK(std::get<RetryLater>(answered(429, refusal_of_max("too.many.requests"), a_removal())).is_too_fast);
    CHECK(std::holds_alternative<RetryLater>(answered(500, refusal_of_max("internal"), an_edit())));
}

TEST_CASE("a change of MAX that got no answer may have been made") {
    RecordedReplies http;
    http.replies.push_back(fail(ErrorKind::left_no_answer, "no_answer", "no answer"));
    http.replies.push_back(fail(ErrorKind::never_left, "no_connection", "no connection"));
    CHECK(std::holds_alternative<Unanswered>(change(http, a_removal())));
    CHECK(std::get<RetryLater>(change(http, a_removal())).scope == RetryScope::channel);
}
