// Requests to the Send API.
#include "messengers/meta/an_account.hpp"
#include "messengers/meta/choices.hpp"
#include "messengers/meta/send.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
namespace json = boost::json;

static const meta::FacebookMessenger messenger;
static const meta::Instagram instagram;

static json::value sent(OutboundMessage message) {
    RecordedReplies http;
    http.answer(200, sent_body);
    REQUIRE(std::holds_alternative<Accepted>(wait_for(messenger.send(std::move(message), a_page(), http))));
    return body_sent(http);
}

static json::value message_for(const meta::Platform& platform, const char* content) {
    const auto body = meta::body_of(platform, to_person("interactive", "", content, std::string(platform.name)), "");
    REQUIRE(body);
    return json::parse(*body).at("message");
}

static json::value of_messenger(const char* content) { return message_for(meta::messenger_platform, content); }

TEST_CASE("a text goes to the person's id, with our mark, and is named by person and mid") {
    RecordedReplies http;
    http.answer(200, sent_body);
    OutboundMessage message = to_person("text", "Hello");
    message.reply_to = ProviderMessageId{"5501:m_prev#1"};
    const SendOutcome outcome = wait_for(messenger.send(message, a_page(), http));
    CHECK(std::get<Accepted>(outcome).id.value() == "5501:m_1");
    const HttpRequest& request = http.asked.at(0);
    CHECK(request.method == "POST");
    // HMAC-SHA256 of the token under the app secret.
    CHECK(request.url ==
          "https://graph.facebook.com/v26.0/104500000000001/messages?appsecret_proof="
          "b30582f158d980285bf5155cbc79641c4d491502e7cbbf3c3ca95d3f4bdf644a");
    CHECK(request.bearer.reveal() == "EAAG");
    CHECK(body_sent(http) == json::parse(R"({"recipient":{"id":"5501"},"messaging_type":"RESPONSE",
        "message":{"text":"Hello","metadata":"okno:0197c0de-0000-7000-8000-000000000001"},"reply_to":{"mid":"m_prev"}})"));
}

TEST_CASE("a message of another conversation is not quoted") {
    OutboundMessage message = to_person("text", "Hello");
    message.reply_to = ProviderMessageId{"77:m_prev"};
    CHECK_FALSE(sent(message).as_object().contains("reply_to"));
}

TEST_CASE("what a person writes after a day carries the tag, nothing else does") {
    OutboundMessage message = to_person("text", "Hello");
    message.is_late = true;
    const json::value body = sent(message);
    CHECK(body.at("messaging_type") == "MESSAGE_TAG");
    CHECK(body.at("tag") == "HUMAN_AGENT");
    CHECK_FALSE(sent(to_person("text", "Hello")).as_object().contains("tag"));
}

TEST_CASE("an Instagram account writes through its Page, or by itself on its own host without a proof") {
    RecordedReplies http;
    http.answer(200, sent_body);
    const OutboundMessage message = to_person("text", "Hello", "{}", "instagram");
    REQUIRE(std::holds_alternative<Accepted>(wait_for(instagram.send(message, an_instagram(), http))));
    CHECK(http.asked[0].url.starts_with("https://graph.facebook.com/v26.0/104500000000001/messages?appsecret_proof="));
    http.answer(200, sent_body);
    const Channel alone = an_account_of("instagram", "17841400000000001");
    REQUIRE(std::holds_alternative<Accepted>(wait_for(instagram.send(message, alone, http))));
    CHECK(http.asked[1].url == "https://graph.instagram.com/v26.0/17841400000000001/messages");
}

TEST_CASE("the version and the host are settings") {
    RecordedReplies http;
    http.answer(200, sent_body);
    Channel channel = a_page();
    channel.settings["base_url"] = "http://127.0.0.1:8099/";
    channel.settings["api_version"] = "v25.0";
    REQUIRE(std::holds_alternative<Accepted>(wait_for(messenger.send(to_person("text", "x"), channel, http))));
    CHECK(http.asked[0].url.starts_with("http://127.0.0.1:8099/v25.0/104500000000001/messages?"));
}

TEST_CASE("a person of another messenger has no address here") {
    RecordedReplies http;
    OutboundMessage message = to_person("text", "Hello");
    message.to = {{"vk", "1", "1"}};
    CHECK(std::get<Rejected>(wait_for(messenger.send(message, a_page(), http))).code == "no_address");
    CHECK(http.asked.empty());
}

TEST_CASE("up to three choices stand under the message as a template") {
    const json::value message = of_messenger(R"({"kind":"buttons","body":"Deliver?","footer":"Yasno",
        "buttons":[{"id":"9f3:1","title":"Yes"},{"id":"9f3:2","title":"No"}]})");
    CHECK(message.at("attachment") == json::parse(R"({"type":"template","payload":{"template_type":"button",
        "text":"Deliver?\n\nYasno","buttons":[{"type":"postback","title":"Yes","payload":"9f3:1"},
        {"type":"postback","title":"No","payload":"9f3:2"}]}})"));
}

TEST_CASE("more choices, or more words than a template takes, are quick replies") {
    const json::value message = of_messenger(R"({"kind":"list","body":"Which?","button":"Choose","sections":[
        {"rows":[{"id":"a","title":"One"},{"id":"b","title":"Two","description":"the second"}]},
        {"rows":[{"id":"c","title":"Three"},{"id":"d","title":"A title that is longer than twenty"}]}]})");
    CHECK(message.at("text") == "Which?\nTwo: the second\nA title that is longer than twenty");
    REQUIRE(message.at("quick_replies").as_array().size() == 4);
    CHECK(message.at("quick_replies").at(3).at("title") == "A title that is…");
    CHECK(message.at("quick_replies").at(0) == json::parse(R"({"content_type":"text","title":"One","payload":"a"})"));
    const std::string long_body =
        R"({"kind":"buttons","body":")" + std::string(700, 'x') + R"(","buttons":[{"id":"a","title":"One"}]})";
    CHECK(of_messenger(long_body.c_str()).as_object().contains("quick_replies"));
}

TEST_CASE("more than thirteen choices are numbered lines") {
    std::string content = R"({"kind":"buttons","body":"Which?","buttons":[)";
    for (int i = 1; i <= 14; ++i)
        content += (i == 1 ? "" : ",") + std::string(R"({"id":"i)") + std::to_string(i) + R"(","title":"T)" +
                   std::to_string(i) + R"("})";
    const json::value message = of_messenger((content + "]}").c_str());
    CHECK_FALSE(message.as_object().contains("quick_replies"));
    const std::string text(message.at("text").as_string());
    CHECK(text.starts_with("Which?\n1. T1\n2. T2"));
    CHECK(text.ends_with("\n14. T14"));
}

TEST_CASE("a link is a button; a question for the number is one in Messenger alone") {
    const json::value link = of_messenger(R"({"kind":"link","body":"Look","title":"Open","url":"https://a.example"})");
    CHECK(link.at("attachment").at("payload").at("buttons").at(0) ==
          json::parse(R"({"type":"web_url","url":"https://a.example","title":"Open"})"));
    const json::value phone = of_messenger(R"({"kind":"contact_request","body":"Your number?"})");
    CHECK(phone.at("quick_replies").at(0) == json::parse(R"({"content_type":"user_phone_number"})"));
    const auto refused = instagram.check_limits("interactive", "", R"({"kind":"contact_request","body":"?"})");
    CHECK(refused.error().where == "interactive.kind");
    CHECK(messenger.check_limits("interactive", "", R"({"kind":"location_request","body":"?"})").error().code ==
          "type_not_supported");
}

TEST_CASE("places and cards are text") {
    const json::value place =
        sent(to_person("location", "", R"({"latitude":55.75,"longitude":37.61,"name":"Office","address":"Street 1"})"));
    CHECK(place.at("message").at("text") == "Office\nStreet 1\nhttps://maps.google.com/?q=55.75,37.61");
    const json::value cards = sent(to_person(
        "contacts", "", R"({"contacts":[{"name":{"formatted_name":"Oleg"},"phones":[{"phone":"+7 916 1"}]}]})"));
    CHECK(cards.at("message").at("text") == "Oleg\n+7 916 1");
}

TEST_CASE("a file goes first, the words that belong to it follow as texts") {
    CHECK(messenger.parts_of("image", "") == std::vector<std::string>{""});
    CHECK(messenger.parts_of("image", "the plan") == std::vector<std::string>{"", "the plan"});
    RecordedReplies http;
    http.answer(200, sent_body);
    OutboundMessage words = to_person("image", "the plan");
    words.file = OutboundFile{"ab", "/tmp/ab", "plan.png", "image/png"};
    REQUIRE(std::holds_alternative<Accepted>(wait_for(messenger.send(words, a_page(), http))));
    CHECK(body_sent(http).at("message").at("text") == "the plan");
}

TEST_CASE("Messenger counts characters, Instagram bytes") {
    std::string text;
    for (int i = 0; i < 2001; ++i)
        text += "ж";
    const auto characters = messenger.parts_of("text", text);
    REQUIRE(characters.size() == 2);
    CHECK(characters[0].size() == 4000);
    const auto bytes = instagram.parts_of("text", text);
    REQUIRE(bytes.size() == 5);
    for (const std::string& part : bytes)
        CHECK(part.size() <= 1000);
    CHECK(instagram.parts_of("text", "1😀").size() == 1);
}

TEST_CASE("limits name the field") {
    const auto where = [](const Messenger& of, const char* content) {
        const auto fits = of.check_limits("interactive", "", content);
        return fits ? std::string() : fits.error().where;
    };
    CHECK(where(messenger, R"({"kind":"buttons","body":"x","buttons":[]})") == "interactive.buttons");
    CHECK(where(messenger, R"({"kind":"buttons","body":"x","buttons":[{"id":"a","title":" "}]})") ==
          "interactive.buttons");
    CHECK(where(messenger, R"({"kind":"buttons","body":"x","buttons":[{"title":"A"}]})") == "interactive.buttons");
    CHECK(where(messenger, R"({"kind":"link","body":"x","title":"A","url":"ftp://x"})") == "interactive.url");
    const std::string body =
        R"({"kind":"buttons","body":")" + std::string(1001, 'x') + R"(","buttons":[{"id":"a","title":"A"}]})";
    CHECK(where(messenger, body.c_str()).empty());
    CHECK(where(instagram, body.c_str()) == "interactive.body");
    CHECK(messenger.check_limits("template", "", "{}").error().where == "type");
    CHECK(messenger.check_limits("reaction", "", R"({"emoji":"👍"})").error().code == "type_not_supported");
}

TEST_CASE("reading and typing are told of the person in the message's name") {
    RecordedReplies http;
    http.answer(200, R"({"recipient_id":"5501"})");
    http.answer(200, R"({"recipient_id":"5501"})");
    REQUIRE(wait_for(messenger.mark_read(ProviderMessageId{"5501:m_1"}, a_page(), http)));
    REQUIRE(wait_for(messenger.show_typing(ProviderMessageId{"5501:m_1#1"}, a_page(), http)));
    CHECK(body_sent(http, 0) == json::parse(R"({"recipient":{"id":"5501"},"sender_action":"mark_seen"})"));
    CHECK(body_sent(http, 1) == json::parse(R"({"recipient":{"id":"5501"},"sender_action":"typing_on"})"));
    REQUIRE(wait_for(messenger.mark_read(ProviderMessageId{"5501:/opened/1"}, a_page(), http)));
    CHECK(http.asked.size() == 2);
}
