// What goes to messages.edit and messages.delete.
#include "messengers/vk/a_group.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::vk;

namespace {

OutboundChange an_edit(const std::string& type = "text") {
    return {ChangeKind::edit, ProviderMessageId{"100200:77"}, type, "new & better", {}};
}

OutboundChange a_removal() { return {ChangeKind::remove, ProviderMessageId{"100200:77"}, "text", "", {}}; }

SendOutcome change(RecordedReplies& http, OutboundChange wanted) {
    return wait_for(VkMessenger{}.change(std::move(wanted), a_group(), http));
}

SendOutcome answered(const std::string& body, OutboundChange wanted) {
    RecordedReplies http;
    http.answer(200, body);
    return change(http, std::move(wanted));
}

}  // namespace

TEST_CASE("a text is edited by its number in the conversation, and its quote stays") {
    RecordedReplies http;
    http.answer(200, R"({"response":1})");
    CHECK(std::holds_alternative<Accepted>(change(http, an_edit())));
    REQUIRE(http.asked.size() == 1);
    CHECK(http.asked[0].url == "https://api.vk.com/method/messages.edit");
    CHECK(parameter(http.asked[0], "peer_id") == "100200");
    CHECK(parameter(http.asked[0], "cmid") == "77");
    CHECK(parameter(http.asked[0], "message") == "new & better");
    CHECK(parameter(http.asked[0], "keep_forward_messages") == "1");
}

TEST_CASE("an edit names the files of the message again, or they would be gone") {
    RecordedReplies http;
    http.answer(200, R"({"response":{"count":1,"items":[{"attachments":[
        {"type":"photo","photo":{"id":57,"owner_id":-190000001,"access_key":"ab12"}},
        {"type":"doc","doc":{"id":58,"owner_id":100200}},
        {"type":"audio_message","audio_message":{"id":59,"owner_id":100200,"access_key":"k"}}]}]}})");
    http.answer(200, R"({"response":1})");
    CHECK(std::holds_alternative<Accepted>(change(http, an_edit("image"))));
    REQUIRE(http.asked.size() == 2);
    CHECK(http.asked[0].url == "https://api.vk.com/method/messages.getByConversationMessageId");
    CHECK(parameter(http.asked[0], "conversation_message_ids") == "77");
    CHECK(parameter(http.asked[1], "attachment") == "photo-190000001_57_ab12,doc100200_58,doc100200_59_k");
    const auto gone = answered(R"({"response":{"count":0,"items":[]}})", an_edit("document"));
    CHECK(std::get<Rejected>(gone).code == "message_gone");
}

TEST_CASE("a message is deleted for everybody") {
    RecordedReplies http;
    http.answer(200, R"({"response":[{"peer_id":100200,"conversation_message_id":77,"response":1}]})");
    CHECK(std::holds_alternative<Accepted>(change(http, a_removal())));
    CHECK(http.asked.at(0).url == "https://api.vk.com/method/messages.delete");
    CHECK(parameter(http.asked[0], "peer_id") == "100200");
    CHECK(parameter(http.asked[0], "cmids") == "77");
    CHECK(parameter(http.asked[0], "delete_for_all") == "1");
}

TEST_CASE("VK's refusals of a change, as a whole or of the one message inside a success") {
    const auto late = std::get<Rejected>(answered(error_of(909, "Can't edit, too old"), an_edit()));
    CHECK(late.code == "too_late");
    CHECK(late.detail == "Can't edit, too old");
    CHECK_FALSE(late.blocks_person);
    CHECK(std::get<Rejected>(answered(error_of(920), an_edit())).code == "not_changeable");
    CHECK(std::get<Rejected>(answered(error_of(924), a_removal())).code == "not_changeable");
    CHECK(std::get<Rejected>(answered(error_of(914), an_edit())).code == "text_too_long");
    CHECK(std::get<Rejected>(answered(error_of(5), a_removal())).about_channel == ChannelNotice::Kind::broken);
    CHECK(std::get<RetryLater>(answered(error_of(6), an_edit())).scope == RetryScope::channel);
    const auto inside = answered(
        R"({"response":[{"conversation_message_id":77,"response":0,"error":{"code":924,"description":"Can't"}}]})",
        a_removal());
    CHECK(std::get<Rejected>(inside).detail == "Can't");
}

TEST_CASE("a change of VK that got no answer may have been made") {
    RecordedReplies http;
    http.replies.push_back(fail(ErrorKind::left_no_answer, "no_answer", "no answer"));
    http.replies.push_back(fail(ErrorKind::never_left, "no_connection", "no connection"));
    CHECK(std::holds_alternative<Unanswered>(change(http, an_edit())));
    CHECK(std::get<RetryLater>(change(http, an_edit())).scope == RetryScope::channel);
    CHECK(std::holds_alternative<RetryLater>(answered("<html>", a_removal())));
}
