// Edits and deletions as calls of the Bot API.
#include "messengers/telegram/a_bot.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::telegram;
namespace json = boost::json;

namespace {

OutboundChange an_edit(const std::string& type = "text", const std::string& target = "900100200300:77") {
    return {ChangeKind::edit, ProviderMessageId{target}, type, "<new>", {}};
}

OutboundChange a_removal(const std::string& target = "900100200300:77") {
    return {ChangeKind::remove, ProviderMessageId{target}, "text", "", {}};
}

SendOutcome change(RecordedReplies& http, OutboundChange wanted) {
    return wait_for(TelegramMessenger{}.change(std::move(wanted), a_bot(), http));
}

HttpRequest call_of(OutboundChange wanted) {
    RecordedReplies http;
    http.answer(200, R"({"ok":true,"result":true})");
    REQUIRE(std::holds_alternative<Accepted>(change(http, std::move(wanted))));
    REQUIRE(http.asked.size() == 1);
    return http.asked.front();
}

SendOutcome refused_with(int code, const std::string& words, OutboundChange wanted) {
    RecordedReplies http;
    http.answer(code, refused(code, words));
    return change(http, std::move(wanted));
}

}  // namespace

TEST_CASE("a text is edited as a text, the words beside a file as its caption") {
    const HttpRequest text = call_of(an_edit());
    CHECK(text.url == door + "editMessageText");
    CHECK(parameters_of(text) == json::parse(R"({"message_id":77,"text":"<new>","chat_id":"900100200300"})"));
    for (const char* type : {"image", "video", "audio", "document"}) {
        const HttpRequest caption = call_of(an_edit(type));
        CHECK(caption.url == door + "editMessageCaption");
        CHECK(parameters_of(caption) == json::parse(R"({"message_id":77,"caption":"<new>","chat_id":"900100200300"})"));
    }
}

TEST_CASE("a message is deleted in the bot's own chat by its number") {
    const HttpRequest call = call_of(a_removal());
    CHECK(call.url == door + "deleteMessage");
    CHECK(parameters_of(call) == json::parse(R"({"message_id":77,"chat_id":"900100200300"})"));
}

TEST_CASE("what was written for a business account is changed on its behalf") {
    const HttpRequest edit = call_of(an_edit("text", "conn1/900100200301:8"));
    CHECK(parameters_of(edit) ==
          json::parse(R"({"message_id":8,"text":"<new>","chat_id":"900100200301","business_connection_id":"conn1"})"));
    const HttpRequest removal = call_of(a_removal("conn1/900100200301:8"));
    CHECK(removal.url == door + "deleteBusinessMessages");
    CHECK(parameters_of(removal) == json::parse(R"({"message_ids":[8],"business_connection_id":"conn1"})"));
}

TEST_CASE("what is so already is done") {
    const std::string same = "Bad Request: message is not modified: specified new message content is the same";
    CHECK(std::holds_alternative<Accepted>(refused_with(400, same, an_edit())));
    const std::string gone = "Bad Request: message to delete not found";
    CHECK(std::holds_alternative<Accepted>(refused_with(400, gone, a_removal())));
}

TEST_CASE("what cannot be changed is refused in Telegram's words, and says nothing of the person") {
    for (const auto& [words, code, wanted] :
         {std::tuple{"Bad Request: message to edit not found", "message_gone", an_edit()},
          {"Bad Request: message can't be edited", "not_changeable", an_edit()},
          {"Bad Request: message can't be deleted", "not_changeable", a_removal()},
          {"Bad Request: message is too long", "text_too_long", an_edit()}}) {
        const auto rejected = std::get<Rejected>(refused_with(400, words, wanted));
        CHECK(rejected.code == code);
        CHECK(rejected.detail == words);
        CHECK_FALSE(rejected.blocks_person);
        CHECK_FALSE(rejected.about_channel);
    }
    RecordedReplies nothing;
    CHECK(std::get<Rejected>(change(nothing, an_edit("text", "900100200300:press5"))).code == "message_gone");
}

TEST_CASE("Telegram's troubles hold a change as they hold a message") {
    CHECK(std::get<RetryLater>(refused_with(429, "Too Many Requests: retry after 5", an_edit())).scope ==
          RetryScope::channel);
    CHECK(std::holds_alternative<RetryLater>(refused_with(500, "Internal Server Error", a_removal())));
    CHECK(std::get<Rejected>(refused_with(401, "Unauthorized", an_edit())).about_channel ==
          ChannelNotice::Kind::broken);
    CHECK(std::get<Rejected>(refused_with(403, "Forbidden: bot was blocked by the user", an_edit())).blocks_person);
    RecordedReplies http;
    http.replies.push_back(fail(ErrorKind::left_no_answer, "no_answer", "no answer"));
    CHECK(std::holds_alternative<Unanswered>(change(http, an_edit())));
}
