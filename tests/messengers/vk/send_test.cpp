// What goes to messages.send.
#include "messengers/vk/send.hpp"

#include "messengers/vk/a_group.hpp"
#include "messengers/vk/keyboard.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::vk;
namespace json = boost::json;

static SendOutcome send(RecordedReplies& http, OutboundMessage message) {
    return wait_for(VkMessenger{}.send(std::move(message), a_group(), http));
}

// The only call that a message makes.
static HttpRequest call_of(OutboundMessage message) {
    RecordedReplies http;
    http.answer(200, sent_as("77"));
    const SendOutcome outcome = send(http, std::move(message));
    REQUIRE(std::holds_alternative<Accepted>(outcome));
    REQUIRE(http.asked.size() == 1);
    return http.asked.front();
}

static json::value keyboard_for(const std::string& content) {
    return json::parse(parameter(call_of(a_message("interactive", "", content)), "keyboard"));
}

TEST_CASE("a text goes to the person with the token in a header and comes back named in its conversation") {
    RecordedReplies http;
    http.answer(200, sent_as("77"));
    const SendOutcome outcome = send(http, a_message("text", "Добрый день & всё"));
    REQUIRE(std::holds_alternative<Accepted>(outcome));
    CHECK(std::get<Accepted>(outcome).id.value() == "100200:77");
    const HttpRequest& call = http.asked.front();
    CHECK(call.url == "https://api.vk.com/method/messages.send");
    CHECK(call.bearer.reveal() == "vk1.a.token");
    CHECK(call.body.find("vk1.a.token") == std::string::npos);
    CHECK(parameter(call, "peer_ids") == "100200");
    CHECK(parameter(call, "message") == "Добрый день & всё");
    CHECK(parameter(call, "v") == "5.199");
    CHECK(json::parse(parameter(call, "payload")) == json::parse(R"({"okno":"0197c0de-0000-7000-8000-000000000001"})"));
}

TEST_CASE("the random id is of the delivery: the same at each try, another for another, never zero") {
    const OutboundMessage message = a_message("text", "x");
    CHECK(parameter(call_of(message), "random_id") == parameter(call_of(message), "random_id"));
    CHECK(random_id_of("a") != random_id_of("b"));
    for (int i = 0; i < 2000; ++i) {
        const std::int64_t id = random_id_of(std::to_string(i));
        CHECK(id > 0);
        CHECK(id <= 2'147'483'647);
    }
}

TEST_CASE("the other host of VK is a setting") {
    Channel channel = a_group();
    channel.settings["base_url"] = "https://api.vk.ru/";
    CHECK(api_request(channel, "users.get", {}).url == "https://api.vk.ru/method/users.get");
}

TEST_CASE("an answer quotes by the number inside the conversation, also one of several parts") {
    OutboundMessage message = a_message("text", "yes");
    message.reply_to = ProviderMessageId{"100200:77/1"};
    CHECK(json::parse(parameter(call_of(message), "forward")) ==
          json::parse(R"({"peer_id":100200,"conversation_message_ids":[77],"is_reply":true})"));
    message.reply_to = ProviderMessageId{"press:100200:a1"};
    CHECK(parameter(call_of(message), "forward").empty());
}

TEST_CASE("up to six choices stand below each other, up to ten in pairs, more of them under the input") {
    const json::value two =
        keyboard_for(R"({"body":"Which?","buttons":[{"id":"9f3:1","title":"Yes"},{"id":"9f3:2","title":"No"}]})");
    CHECK(two == json::parse(R"({"inline":true,"buttons":[
        [{"action":{"type":"text","label":"Yes","payload":"{\"b\":\"9f3:1\"}"}}],
        [{"action":{"type":"text","label":"No","payload":"{\"b\":\"9f3:2\"}"}}]]})"));
    const auto rows_for = [](int count) {
        json::array rows;
        for (int i = 0; i < count; ++i)
            rows.push_back(json::object{{"id", std::to_string(i)}, {"title", "t" + std::to_string(i)}});
        const json::object content{
            {"kind", "list"}, {"body", "Where?"}, {"sections", json::array{json::object{{"rows", rows}}}}};
        return keyboard_for(json::serialize(content));
    };
    CHECK(rows_for(10).at("buttons").as_array().size() == 5);
    CHECK(rows_for(10).at("inline").as_bool());
    CHECK(rows_for(11).at("one_time").as_bool());
    CHECK_FALSE(rows_for(11).as_object().contains("inline"));
    CHECK(rows_for(40).at("buttons").as_array().size() == 10);
    CHECK(rows_for(40).at("buttons").at(0).as_array().size() == 4);
}

TEST_CASE("words too long for a button are cut at a word and stand whole in the text") {
    const std::string title = "Доставка курьером до двери в удобное для вас время";
    CHECK(label_of(title) == "Доставка курьером до двери в удобное…");
    CHECK(label_of("one\ntwo") == "one two");
    const HttpRequest call = call_of(a_message(
        "interactive", "",
        R"({"header":"Order","body":"How?","footer":"Yasno","buttons":[{"id":"1","title":")" + title + R"("}]})"));
    CHECK(parameter(call, "message") == "Order\n\nHow?\n" + title + "\n\nYasno");
}

TEST_CASE("a link and the question for a place have a row of their own") {
    CHECK(keyboard_for(R"({"kind":"link","body":"See","title":"Shop","url":"https://shop.example"})") ==
          json::parse(R"({"inline":true,"buttons":[[{"action":{"type":"open_link","label":"Shop",
          "link":"https://shop.example"}}]]})"));
    CHECK(keyboard_for(R"({"kind":"location_request","body":"Where are you?"})") ==
          json::parse(R"({"inline":true,"buttons":[[{"action":{"type":"location",
          "payload":"{\"b\":\"location\"}"}}]]})"));
}

TEST_CASE("a refused keyboard leaves its choices in the text, under the same random id") {
    for (const int code : {911, 912}) {
        RecordedReplies http;
        http.answer(200, error_of(code));
        http.answer(200, sent_as("78"));
        const SendOutcome outcome = send(
            http, a_message("interactive", "",
                            R"({"body":"Which?","buttons":[{"id":"1","title":"Tea"},{"id":"2","title":"Coffee"}]})"));
        REQUIRE(std::holds_alternative<Accepted>(outcome));
        REQUIRE(http.asked.size() == 2);
        CHECK(parameter(http.asked[1], "keyboard").empty());
        CHECK(parameter(http.asked[1], "message") == "Which?\nTea\nCoffee");
        CHECK(parameter(http.asked[1], "random_id") == parameter(http.asked[0], "random_id"));
    }
}

TEST_CASE("a place goes as coordinates, a contact card as its words") {
    const HttpRequest place = call_of(
        a_message("location", "", R"({"latitude":55.75,"longitude":37.61,"name":"Office","address":"Lenina 1"})"));
    CHECK(parameter(place, "lat") == "55.75");
    CHECK(parameter(place, "long") == "37.61");
    CHECK(parameter(place, "message") == "Office\nLenina 1");
    const HttpRequest card = call_of(a_message(
        "contacts", "", R"({"contacts":[{"name":{"formatted_name":"Oleg"},"phones":[{"phone":"+79160000000"}]}]})"));
    CHECK(parameter(card, "message") == "Oleg\n+79160000000");
}

TEST_CASE("what cannot be sent is refused without a call") {
    RecordedReplies http;
    OutboundMessage nobody = a_message("text", "x");
    nobody.to = {{"phone", "79160000000", "79160000000"}};
    CHECK(std::get<Rejected>(send(http, nobody)).code == "no_address");
    CHECK(std::get<Rejected>(send(http, a_message("hologram", ""))).code == "type_not_supported");
    CHECK(std::get<Rejected>(send(http, a_message("location", "", R"({"latitude":1})"))).code == "bad_content");
    CHECK(http.asked.empty());
}

TEST_CASE("what VK would refuse is said before it is queued") {
    const VkMessenger vk;
    CHECK(vk.check_limits("text", "x", "{}"));
    CHECK(vk.check_limits("template", "", "{}").error().code == "type_not_supported");
    CHECK(vk.check_limits("reaction", "", "{}").error().code == "type_not_supported");
    CHECK(vk.check_limits("image", std::string(4097, 'x'), "{}").error().where == "text");
    CHECK(vk.check_limits("interactive", "", R"({"body":"x"})").error().where == "interactive.buttons");
    CHECK(vk.check_limits("interactive", "", R"({"kind":"contact_request","body":"x"})").error().where ==
          "interactive.kind");
    CHECK(
        vk.check_limits("interactive", "", R"({"kind":"link","body":"x","title":"t","url":"ftp://x"})").error().where ==
        "interactive.url");
    const std::string long_id(248, 'i');
    CHECK_FALSE(
        vk.check_limits("interactive", "", R"({"body":"x","buttons":[{"id":")" + long_id + R"(","title":"t"}]})"));
    CHECK(vk.check_limits("interactive", "",
                          R"({"body":"x","buttons":[{"id":")" + long_id.substr(1) + R"(","title":"t"}]})"));
}

TEST_CASE("a long text leaves in parts of 4096 characters, a caption in one") {
    CHECK(VkMessenger{}.parts_of("text", std::string(5000, 'x')).size() == 2);
    CHECK(VkMessenger{}.parts_of("image", std::string(5000, 'x')).size() == 1);
}
