// Edits and deletions through a gateway.
#include "messengers/gateway/a_session.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::gateway;

namespace {

OutboundChange a_change(ChangeKind kind) {
    return {kind,
            ProviderMessageId{"3EB0X1"},
            "text",
            kind == ChangeKind::edit ? "new" : "",
            {{"lid", "lid:555", "lid:555"}, {"phone", "79004445566", "79004445566"}}};
}

SendOutcome change(RecordedReplies& http, ChangeKind kind) {
    return wait_for(GatewayMessenger{}.change(a_change(kind), a_session(), http));
}

SendOutcome answered(int status, const std::string& body, ChangeKind kind = ChangeKind::edit) {
    RecordedReplies http;
    http.answer(status, body);
    return change(http, kind);
}

}  // namespace

TEST_CASE("a message of the account is edited and deleted in the person's chat by its full id") {
    RecordedReplies http;
    http.answer(200, "{}");
    http.answer(200, "");
    CHECK(std::holds_alternative<Accepted>(change(http, ChangeKind::edit)));
    CHECK(std::holds_alternative<Accepted>(change(http, ChangeKind::remove)));
    const std::string path = "/chats/79004445566@c.us/messages/true_79004445566@c.us_3EB0X1";
    for (const HttpRequest& request : http.asked)
        CHECK(request.url.ends_with(path));
    CHECK(http.asked.at(0).method == "PUT");
    CHECK(body_of(http.asked[0]) == boost::json::parse(R"({"text":"new"})"));
    CHECK(http.asked.at(1).method == "DELETE");
    CHECK(http.asked[1].body.empty());
}

TEST_CASE("a message that the gateway does not have is deleted, and cannot be edited") {
    const std::string gone = R"({"statusCode":404,"message":"Message not found"})";
    CHECK(std::holds_alternative<Accepted>(answered(404, gone, ChangeKind::remove)));
    CHECK(std::get<Rejected>(answered(404, gone)).code == "message_gone");
    CHECK(std::get<Rejected>(answered(404, R"({"message":"Session not found"})")).about_channel ==
          ChannelNotice::Kind::broken);
}

TEST_CASE("a gateway's troubles hold a change as they hold a message") {
    CHECK(std::get<Rejected>(answered(400, R"({"message":"no"})")).code == "bad_request");
    CHECK(std::get<RetryLater>(answered(422, R"({"error":"Session status is not as expected"})")).scope ==
          RetryScope::channel);
    CHECK(std::holds_alternative<RetryLater>(answered(504, "")));
    RecordedReplies http;
    http.replies.push_back(fail(ErrorKind::left_no_answer, "no_answer", "no answer"));
    CHECK(std::holds_alternative<Unanswered>(change(http, ChangeKind::edit)));
}
