// The class behind the port, against recorded replies.
#include "messengers/whatsapp/whatsapp_messenger.hpp"

#include "messengers/whatsapp/recorded_replies.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::whatsapp;

TEST_CASE("a message is posted to the number once and its id comes back") {
    RecordedReplies http;
    http.answer(200, R"({"messages":[{"id":"wamid.OUT1"}]})");
    OutboundMessage message;
    message.type = "text";
    message.text = "hello";
    message.to = {{"phone", "79161234567", "79161234567"}};
    const SendOutcome outcome = wait_for(WhatsappMessenger{}.send(message, a_number(), http));
    REQUIRE(std::holds_alternative<Accepted>(outcome));
    CHECK(std::get<Accepted>(outcome).id.value() == "wamid.OUT1");
    REQUIRE(http.asked.size() == 1);
    CHECK(http.asked.front().url == "https://graph.facebook.com/v25.0/1234567890/messages");
}

TEST_CASE("what cannot be rendered is refused without a call") {
    RecordedReplies http;
    const SendOutcome outcome = wait_for(WhatsappMessenger{}.send(OutboundMessage{}, a_number(), http));
    CHECK(std::holds_alternative<Rejected>(outcome));
    CHECK(http.asked.empty());
}

static OutboundMessage a_text(const std::string& phone) {
    OutboundMessage message;
    message.type = "text";
    message.text = "hello";
    message.to = {{"phone", phone, phone}};
    return message;
}

TEST_CASE("a Brazilian, Mexican or Argentine number that Meta refuses is tried once in its other form") {
    for (const auto& [first, second] : {std::pair{"5511987654321", "551187654321"},
                                        {"551187654321", "5511987654321"},
                                        {"525512345678", "5215512345678"},
                                        {"5491123456789", "541123456789"}}) {
        CAPTURE(first);
        RecordedReplies http;
        http.answer(400, R"({"error":{"code":131030,"message":"not in allowed list"}})");
        http.answer(200, R"({"contacts":[{"wa_id":"1"}],"messages":[{"id":"wamid.OUT1"}]})");
        const SendOutcome outcome = wait_for(WhatsappMessenger{}.send(a_text(first), a_number(), http));
        REQUIRE(std::holds_alternative<Accepted>(outcome));
        REQUIRE(std::get<Accepted>(outcome).addresses.size() == 1);
        CHECK(std::get<Accepted>(outcome).addresses.front().value == second);
        CHECK(http.asked.back().body.find("\"+" + std::string(second) + "\"") != std::string::npos);
    }
}

TEST_CASE("a number of one form, or a refusal of another kind, is not tried twice") {
    RecordedReplies http;
    http.answer(400, R"({"error":{"code":131026,"message":"undeliverable"}})");
    CHECK(std::get<Rejected>(wait_for(WhatsappMessenger{}.send(a_text("79161234567"), a_number(), http))).code ==
          "person_unreachable");
    http.answer(400, R"({"error":{"code":131009,"message":"bad"}})");
    wait_for(WhatsappMessenger{}.send(a_text("5511987654321"), a_number(), http));
    CHECK(http.asked.size() == 2);
}

TEST_CASE("when both forms are refused the first refusal is told; when the second gets no answer, that is told") {
    RecordedReplies http;
    http.answer(400, R"({"error":{"code":131026,"message":"first"}})");
    http.answer(400, R"({"error":{"code":131026,"message":"second"}})");
    const auto both = wait_for(WhatsappMessenger{}.send(a_text("5511987654321"), a_number(), http));
    CHECK(std::get<Rejected>(both).detail == "first");
    http.answer(400, R"({"error":{"code":131026,"message":"first"}})");
    http.replies.emplace_back(fail(ErrorKind::left_no_answer, "left_no_answer", "timed out"));
    CHECK(std::holds_alternative<Unanswered>(
        wait_for(WhatsappMessenger{}.send(a_text("5511987654321"), a_number(), http))));
}

TEST_CASE("a file goes up first; when that fails nothing has left, and a dead token breaks the channel") {
    OutboundMessage picture = a_text("79161234567");
    picture.type = "image";
    picture.file = OutboundFile{"ab", "/tmp/ab", "a.png", "image/png"};
    RecordedReplies http;
    http.answer(200, R"({"id":"77"})");
    http.answer(200, R"({"messages":[{"id":"wamid.OUT1"}]})");
    CHECK(std::holds_alternative<Accepted>(wait_for(WhatsappMessenger{}.send(picture, a_number(), http))));
    CHECK(http.asked.back().body.find(R"("image":{"id":"77","caption":"hello"})") != std::string::npos);
    http.replies.emplace_back(fail(ErrorKind::left_no_answer, "left_no_answer", "timed out"));
    CHECK(std::holds_alternative<RetryLater>(wait_for(WhatsappMessenger{}.send(picture, a_number(), http))));
    http.answer(502, "<html>");
    CHECK(std::holds_alternative<RetryLater>(wait_for(WhatsappMessenger{}.send(picture, a_number(), http))));
    http.answer(401, R"({"error":{"code":190,"message":"expired"}})");
    CHECK(std::get<Rejected>(wait_for(WhatsappMessenger{}.send(picture, a_number(), http))).about_channel ==
          ChannelNotice::Kind::broken);
}

TEST_CASE("all pages of templates are read, by cursor, with their variables") {
    RecordedReplies http;
    http.answer(200, R"({"data":[{"name":"accepted","language":"en-US","status":"APPROVED","category":"UTILITY",
        "components":[{"type":"HEADER","format":"TEXT","text":"No. {{1}}"},{"type":"BODY","text":"Hello {{1}}, by {{2}}"},
        {"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Thanks"},
        {"type":"URL","text":"See","url":"https://e.example/{{1}}"},{"type":"COPY_CODE","text":"Copy"}]}]},
        {"name":"picture","language":"ru","status":"APPROVED","components":[{"type":"HEADER","format":"IMAGE"}]}],
        "paging":{"cursors":{"after":"QVFI"},"next":"https://elsewhere.example/?access_token=EAAG"}})");
    http.answer(200,
                R"({"data":[{"name":"b","language":"ru","status":"REJECTED"}],"paging":{"cursors":{"after":"x"}}})");
    const auto templates = wait_for(WhatsappMessenger{}.read_templates(a_number(), http));
    REQUIRE(templates);
    REQUIRE(templates->size() == 3);
    CHECK(templates->front().language == "en_US");
    CHECK(templates->front().status == "approved");
    CHECK(templates->front().variables == std::vector<std::string>{"1", "2", "header:1", "url:1", "copy_code:2"});
    CHECK(templates->front().buttons == std::vector<std::string>{"Thanks", "See", "Copy"});
    CHECK((*templates)[1].variables == std::vector<std::string>{"header:image"});
    CHECK(http.asked[1].url == "https://graph.facebook.com/v25.0/99/message_templates?limit=100&after=QVFI");
}

TEST_CASE("a check gives the provider's own words when the token is dead or the number is not connected") {
    RecordedReplies http;
    http.answer(401, R"({"error":{"code":190,"message":"Error validating access token"}})");
    http.answer(200, R"({"id":"1234567890","status":"BANNED"})");
    http.answer(200, R"({"id":"1234567890","status":"CONNECTED"})");
    http.answer(200, R"({"data":[{"whatsapp_business_api_data":{"id":"900"}}]})");
    const WhatsappMessenger messenger;
    const auto dead = wait_for(messenger.check(a_number(), "", http));
    CHECK(dead.error().code == "token_broken");
    CHECK(dead.error().detail == "Error validating access token");
    CHECK(wait_for(messenger.check(a_number(), "", http)).error().detail.find("BANNED") != std::string::npos);
    CHECK(wait_for(messenger.check(a_number(), "", http)));
}

TEST_CASE("a check subscribes the app to the account's webhooks when nothing else would bring messages") {
    const WhatsappMessenger messenger;
    RecordedReplies http;
    http.answer(200, R"({"id":"1234567890","status":"CONNECTED"})");
    http.answer(200, R"({"data":[]})");
    http.answer(200, R"({"success":true})");
    CHECK(wait_for(messenger.check(a_number(), "", http)));
    REQUIRE(http.asked.size() == 3);
    CHECK(http.asked.back().method == "POST");
    CHECK(http.asked.back().url == "https://graph.facebook.com/v25.0/99/subscribed_apps");
    http.answer(200, R"({"id":"1234567890","status":"CONNECTED"})");
    http.answer(200, R"({"data":[]})");
    http.answer(403, R"({"error":{"code":200,"message":"no management permission"}})");
    CHECK(wait_for(messenger.check(a_number(), "", http)).error().detail.find("no management permission") !=
          std::string::npos);
    http.answer(200, R"({"id":"1234567890","status":"CONNECTED"})");
    http.answer(403, R"({"error":{"code":200,"message":"may not look"}})");
    CHECK(wait_for(messenger.check(a_number(), "", http)));
}

TEST_CASE("a read mark names the message") {
    RecordedReplies http;
    http.answer(200, R"({"success":true})");
    CHECK(wait_for(WhatsappMessenger{}.mark_read(ProviderMessageId{"wamid.IN"}, a_number(), http)));
    CHECK(http.asked.front().body == R"({"messaging_product":"whatsapp","status":"read","message_id":"wamid.IN"})");
}

TEST_CASE("a channel is connected only with its ids and credentials, the error names the missing one") {
    const WhatsappMessenger messenger;
    const std::map<std::string, Secret> whole{{"access_token", Secret("a")}, {"app_secret", Secret("b")}};
    CHECK(messenger.address_of({{"phone_number_id", "1"}, {"waba_id", "2"}}, whole) == "1");
    CHECK(messenger.address_of({{"phone_number_id", "+7 916"}, {"waba_id", "2"}}, whole).error().where ==
          "settings.phone_number_id");
    CHECK(messenger.address_of({{"phone_number_id", "1"}}, whole).error().where == "settings.waba_id");
    CHECK(messenger.address_of({{"phone_number_id", "1"}, {"waba_id", "2"}}, {{"access_token", Secret("a")}})
              .error()
              .where == "credentials.app_secret");
}
