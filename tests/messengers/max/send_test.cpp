// What goes to POST /messages.
#include "base/utf8.hpp"
#include "messengers/max/send.hpp"

#include "messengers/max/a_bot.hpp"
#include "messengers/max/keyboard.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
namespace json = boost::json;

// The only call that a message makes.
static HttpRequest call_of(OutboundMessage message) {
    RecordedReplies http;
    http.answer(200, sent_to_max("mid.7"));
    const SendOutcome outcome = wait_for(a_max().send(std::move(message), a_bot(), http));
    REQUIRE(std::holds_alternative<Accepted>(outcome));
    REQUIRE(http.asked.size() == 1);
    return http.asked.front();
}

static json::value body_for(const std::string& type, const std::string& text, const std::string& content = "{}") {
    return json::parse(call_of(a_message_to_max(type, text, content)).body);
}

static json::value rows_for(const std::string& content) {
    return body_for("interactive", "", content).at("attachments").at(0).at("payload").at("buttons");
}

TEST_CASE("a text goes to the person as it was typed, with the token in a header without Bearer") {
    RecordedReplies http;
    http.answer(200, sent_to_max("mid.7"));
    const SendOutcome outcome = wait_for(a_max().send(a_message_to_max("text", "Цена < 5 & *всё*"), a_bot(), http));
    CHECK(std::get<Accepted>(outcome).id.value() == "98765:mid.7");
    const HttpRequest& call = http.asked.front();
    CHECK(call.method == "POST");
    CHECK(call.url == "https://platform-api2.max.ru/messages?user_id=54321");
    CHECK(call.headers.get("Authorization") == "f9LHodD0cOL");
    CHECK(call.bearer.empty());
    CHECK(json::parse(call.body) == json::parse(R"({"text":"Цена < 5 & *всё*"})"));
}

TEST_CASE("the address of the API and a proxy are settings") {
    Channel channel = a_bot();
    channel.settings = {{"base_url", "https://platform-api.max.ru/"}, {"proxy", "http://p:1"}};
    const HttpRequest request = okno::max::api_request(channel, "GET", "/me", {{"a", "ж&"}});
    CHECK(request.url == "https://platform-api.max.ru/me?a=%D0%B6%26");
    CHECK(request.proxy == "http://p:1");
}

TEST_CASE("an answer quotes the message, also by one of its attachments, and never a press") {
    OutboundMessage message = a_message_to_max("text", "yes");
    message.reply_to = ProviderMessageId{"98765:mid.0001/2"};
    CHECK(json::parse(call_of(message).body).at("link") == json::parse(R"({"type":"reply","mid":"mid.0001"})"));
    for (const char* other : {"98765:press:cb:1", "press:cb:1", "98765:start:54321:1", ""}) {
        message.reply_to = ProviderMessageId{other};
        CHECK_FALSE(json::parse(call_of(message).body).as_object().contains("link"));
    }
}

TEST_CASE("who has no account in MAX gets nothing") {
    RecordedReplies http;
    OutboundMessage message = a_message_to_max("text", "x");
    message.to = {{"phone", "79161234567", "79161234567"}};
    CHECK(std::get<Rejected>(wait_for(a_max().send(message, a_bot(), http))).code == "no_address");
    message = a_message_to_max("template", "x");
    CHECK(std::get<Rejected>(wait_for(a_max().send(message, a_bot(), http))).code == "type_not_supported");
}

TEST_CASE("choices stand below each other, side by side only when there are more of them than rows") {
    CHECK(rows_for(R"({"body":"Which?","buttons":[{"id":"9f3:1","title":"Yes"},{"id":"9f3:2","title":"No"}]})") ==
          json::parse(R"([[{"type":"callback","text":"Yes","payload":"9f3:1"}],
                          [{"type":"callback","text":"No","payload":"9f3:2"}]])"));
    const auto count_for = [](int count) {
        json::array rows;
        for (int i = 0; i < count; ++i)
            rows.push_back(json::object{{"id", std::to_string(i)}, {"title", "t" + std::to_string(i)}});
        const json::object content{
            {"kind", "list"}, {"body", "Where?"}, {"sections", json::array{json::object{{"rows", rows}}}}};
        return rows_for(json::serialize(content)).as_array();
    };
    CHECK(count_for(30).size() == 30);
    CHECK(count_for(31).size() == 16);
    CHECK(count_for(210).size() == 30);
    CHECK(count_for(210).front().as_array().size() == 7);
}

TEST_CASE("links and questions for a place or a number are buttons of their own") {
    CHECK(rows_for(R"({"kind":"link","body":"b","title":"Site","url":"https://a.example"})") ==
          json::parse(R"([[{"type":"link","text":"Site","url":"https://a.example"}]])"));
    CHECK(rows_for(R"({"kind":"location_request","body":"b"})") ==
          json::parse(R"([[{"type":"request_geo_location","text":"📍"}]])"));
    CHECK(rows_for(R"({"kind":"contact_request","body":"b","title":"My number"})") ==
          json::parse(R"([[{"type":"request_contact","text":"My number"}]])"));
}

TEST_CASE("words too long for a button are cut at a word and stand whole in the text, with descriptions") {
    const std::string title = "Доставка курьером до двери " + std::string(110, 'x') + " в удобное время";
    const std::string label = okno::max::label_of(title);
    CHECK(okno::characters(label) <= 128);
    CHECK(label.ends_with("…"));
    const json::value body = body_for(
        "interactive", "",
        json::serialize(json::object{
            {"header", "H"},
            {"body", "Which?"},
            {"footer", "F"},
            {"buttons", json::array{json::object{{"id", "1"}, {"title", title}},
                                    json::object{{"id", "2"}, {"title", "Own"}, {"description", "in the shop"}},
                                    json::object{{"id", "3"}, {"title", "No"}}}}}));
    CHECK(std::string(body.at("text").as_string()) == "H\n\nWhich?\n" + title + "\nOwn: in the shop\n\nF");
}

TEST_CASE("a place goes as a place, its name as text") {
    CHECK(body_for("location", "", R"({"latitude":55.75,"longitude":37.61,"name":"Shop","address":"Main st. 1"})") ==
          json::parse(R"({"text":"Shop\nMain st. 1","attachments":[
              {"type":"location","latitude":55.75,"longitude":37.61}]})"));
    RecordedReplies http;
    const auto refused = wait_for(a_max().send(a_message_to_max("location", "", "{}"), a_bot(), http));
    CHECK(std::get<Rejected>(refused).code == "bad_content");
}

TEST_CASE("one contact goes as a card, several as text, since a card stands alone") {
    const json::value one = body_for("contacts", "", R"({"contacts":[{"name":{"formatted_name":"Li, Anna"},
        "phones":[{"phone":"+79161234567"}],"emails":[{"email":"a@b.example"}]}]})");
    const json::object wanted{{"name", "Li, Anna"},
                              {"vcf_info",
                               "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Li\\, Anna\r\nTEL;TYPE=CELL:+79161234567\r\n"
                               "EMAIL:a@b.example\r\nEND:VCARD\r\n"}};
    CHECK(one.at("attachments").at(0).at("payload") == json::value(wanted));
    CHECK(body_for("contacts", "", R"({"contacts":[{"name":{"formatted_name":"A"},"phones":[{"phone":"+7"}]},
        {"name":{"formatted_name":"B"}}]})") == json::parse(R"({"text":"A\n+7\n\nB"})"));
}

TEST_CASE("what MAX would refuse is told before it is queued, with the field") {
    const okno::max::MaxMessenger messenger;
    const auto where = [&](const std::string& type, const std::string& text, const std::string& content) {
        const auto checked = messenger.check_limits(type, text, content);
        return checked ? std::string() : checked.error().where;
    };
    CHECK(where("text", std::string(9000, 'x'), "{}").empty());
    CHECK(where("template", "", "{}") == "type");
    CHECK(where("reaction", "", "{}") == "type");
    CHECK(where("image", std::string(4000, 'x'), "{}").empty());
    CHECK(where("image", std::string(4001, 'x'), "{}") == "text");
    CHECK(where("interactive", "", R"({"body":"x"})") == "interactive.buttons");
    CHECK(where("interactive", "", R"({"kind":"dance","body":"x"})") == "interactive.kind");
    CHECK(where("interactive", "", R"({"kind":"contact_request","body":"x"})").empty());
    CHECK(where("interactive", "", R"({"kind":"link","body":"x","title":"t","url":"ftp://x"})") == "interactive.url");
    CHECK(where("interactive", "", R"({"kind":"link","body":"x","title":" ","url":"https://x"})") ==
          "interactive.title");
    const auto with_id = [&](std::size_t length) {
        return where("interactive", "",
                     R"({"body":"x","buttons":[{"id":")" + std::string(length, 'i') + R"(","title":"t"}]})");
    };
    CHECK(with_id(1024).empty());
    CHECK(with_id(1025) == "interactive.buttons");
    CHECK(with_id(0) == "interactive.buttons");
    CHECK(where("interactive", "", R"({"body":"x","buttons":[{"id":"1","title":" "}]})") == "interactive.buttons");
    CHECK(where("interactive", "",
                R"({"body":")" + std::string(4001, 'x') + R"(","buttons":[{"id":"1","title":"t"}]})") ==
          "interactive.body");
    json::array many;
    for (int i = 0; i < 211; ++i)
        many.push_back(json::object{{"id", "1"}, {"title", "t"}});
    CHECK(where("interactive", "", json::serialize(json::object{{"body", "x"}, {"buttons", many}})) ==
          "interactive.buttons");
}

TEST_CASE("a long text leaves in parts of 4000 characters, a caption in one") {
    CHECK(okno::max::MaxMessenger{}.parts_of("text", std::string(4000, 'x')).size() == 1);
    CHECK(okno::max::MaxMessenger{}.parts_of("text", std::string(4001, 'x')).size() == 2);
    CHECK(okno::max::MaxMessenger{}.parts_of("image", std::string(4001, 'x')).size() == 1);
}
