#include "messengers/split_text.hpp"
#include "messengers/whatsapp/send.hpp"

#include "base/json.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::whatsapp;

static OutboundMessage a_message(const std::string& type, const std::string& content = "{}") {
    OutboundMessage message;
    message.type = type;
    message.content = content;
    message.reference = "ref-1";
    message.to = {{"bsuid", "RU.88172635", "RU.88172635"}, {"phone", "79161234567", "79161234567"}};
    return message;
}

static boost::json::value rendered(const OutboundMessage& message) {
    const auto body = render_send(message);
    REQUIRE_MESSAGE(body, body.error().detail);
    return boost::json::parse(*body);
}

TEST_CASE("a text goes to the number with a plus, quotes, and carries our reference") {
    OutboundMessage message = a_message("text");
    message.text = "Добрый день";
    message.reply_to = ProviderMessageId{"wamid.X"};
    CHECK(rendered(message) == boost::json::parse(R"({"messaging_product":"whatsapp","recipient_type":"individual",
        "to":"+79161234567","context":{"message_id":"wamid.X"},"biz_opaque_callback_data":"ref-1","type":"text",
        "text":{"body":"Добрый день","preview_url":true}})"));
}

TEST_CASE("a person without a phone number is written to by their id") {
    OutboundMessage message = a_message("text");
    message.to.pop_back();
    message.text = "hello";
    const auto body = rendered(message).as_object();
    CHECK(body.at("recipient") == "RU.88172635");
    CHECK_FALSE(body.contains("to"));
    message.to.clear();
    CHECK(render_send(message).error().code == "no_address");
}

TEST_CASE("a template's values go in the order of their numbers, cleaned of line breaks, and it quotes nothing") {
    OutboundMessage message = a_message("template", R"({"name":"accepted","language":"ru","values":{"header:1":"A-17",
        "10":"ten","2":"two\nlines","1":"one","3":"3","4":"4","5":"5","6":"6","7":"7","8":"8","9":"a      b"}})");
    message.reply_to = ProviderMessageId{"wamid.X"};
    const auto body = rendered(message).as_object();
    CHECK_FALSE(body.contains("context"));
    const auto& made = body.at("template").as_object();
    CHECK(made.at("language").as_object().at("code") == "ru");
    const auto& components = made.at("components").as_array();
    REQUIRE(components.size() == 2);
    CHECK(components[0].as_object().at("type") == "header");
    const auto& values = components[1].as_object().at("parameters").as_array();
    REQUIRE(values.size() == 10);
    CHECK(values[0].as_object().at("text") == "one");
    CHECK(values[1].as_object().at("text") == "two lines");
    CHECK(values[8].as_object().at("text") == "a    b");
    CHECK(values[9].as_object().at("text") == "ten");
}

TEST_CASE("named values carry their names, a template without values has no components") {
    const auto named = rendered(a_message("template", R"({"name":"a","language":"en","values":{"first_name":"Ann"}})"));
    CHECK(named.at_pointer("/template/components/0/parameters/0/parameter_name") == "first_name");
    const auto plain = rendered(a_message("template", R"({"name":"a","language":"en"})"));
    CHECK_FALSE(plain.at_pointer("/template").as_object().contains("components"));
}

TEST_CASE("values of buttons and of a picture above go where Meta expects them, fit for an address") {
    const auto body = rendered(a_message("template", R"({"name":"a","language":"en","values":{
        "header:image":"https://e.example/a.png","1":"Ann","url:1":"A 17:é","copy_code:2":"SALE25"}})"));
    CHECK(body.at_pointer("/template/components") == boost::json::parse(R"([
        {"type":"header","parameters":[{"type":"image","image":{"link":"https://e.example/a.png"}}]},
        {"type":"body","parameters":[{"type":"text","text":"Ann"}]},
        {"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text","text":"A%2017%3A%C3%A9"}]},
        {"type":"button","sub_type":"copy_code","index":"2",
         "parameters":[{"type":"coupon_code","coupon_code":"SALE25"}]}])"));
}

TEST_CASE("choices go as Meta names them, with a line above and below") {
    const auto buttons = rendered(a_message("interactive", R"({"body":"Which?","header":"Request","footer":"Yasno",
        "buttons":[{"id":"y","title":"Yes"}]})"));
    CHECK(buttons.at("interactive") == boost::json::parse(R"({"type":"button","header":{"type":"text","text":"Request"},
        "body":{"text":"Which?"},"footer":{"text":"Yasno"},
        "action":{"buttons":[{"type":"reply","reply":{"id":"y","title":"Yes"}}]}})"));
    const auto list = rendered(a_message("interactive", R"({"kind":"list","body":"Where?","button":"Choose",
        "sections":[{"title":"Cities","rows":[{"id":"m","title":"Moscow","description":"centre"},{"id":"k","title":"Kazan"}]}]})"));
    CHECK(list.at("interactive") == boost::json::parse(R"({"type":"list","body":{"text":"Where?"},
        "action":{"button":"Choose","sections":[{"title":"Cities","rows":[
        {"id":"m","title":"Moscow","description":"centre"},{"id":"k","title":"Kazan"}]}]}})"));
    const auto link =
        rendered(a_message("interactive", R"({"kind":"link","body":"See","title":"Open","url":"https://e.example"})"));
    CHECK(link.at("interactive") == boost::json::parse(R"({"type":"cta_url","body":{"text":"See"},
        "action":{"name":"cta_url","parameters":{"display_text":"Open","url":"https://e.example"}}})"));
    const auto place = rendered(a_message("interactive", R"({"kind":"location_request","body":"Where are you?"})"));
    CHECK(place.at("interactive") == boost::json::parse(R"({"type":"location_request_message",
        "body":{"text":"Where are you?"},"action":{"name":"send_location"}})"));
    const auto number = rendered(a_message("interactive", R"({"kind":"contact_request","body":"Your number?"})"));
    CHECK(number.at("interactive") == boost::json::parse(R"({"type":"contact_request",
        "body":{"text":"Your number?"},"action":{"name":"request_contact_info"}})"));
}

TEST_CASE("a contact card has the part of the name that Meta insists on") {
    const auto body = rendered(a_message(
        "contacts", R"({"contacts":[{"name":{"formatted_name":"Oleg Gromov"},"phones":[{"phone":"+79160000000"}]},
        {"name":{"formatted_name":"Ann Lee","last_name":"Lee"}}]})"));
    CHECK(body.at("contacts") == boost::json::parse(R"([{"name":{"formatted_name":"Oleg Gromov",
        "first_name":"Oleg Gromov"},"phones":[{"phone":"+79160000000"}]},
        {"name":{"formatted_name":"Ann Lee","last_name":"Lee"}}])"));
}

TEST_CASE("a place carries nothing but itself, a recorded voice is shown as one") {
    const auto place =
        rendered(a_message("location", R"({"latitude":55.75,"longitude":37.61,"name":"Office","reaction":"+"})"));
    CHECK(place.at("location") == boost::json::parse(R"({"latitude":55.75,"longitude":37.61,"name":"Office"})"));
    OutboundMessage voice = a_message("audio", R"({"id":"77","caption":"unseen"})");
    voice.file = OutboundFile{"ab", "/tmp/ab", "voice.ogg", "audio/ogg"};
    CHECK(rendered(voice).at("audio") == boost::json::parse(R"({"id":"77","voice":true})"));
}

TEST_CASE("what cannot be sent is refused here, naming the field") {
    CHECK(render_send(a_message("template", R"({"language":"en"})")).error().where == "name");
    CHECK(render_send(a_message("template", R"({"name":"a","language":"en","values":{"1":" "}})")).error().where ==
          "values.1");
    CHECK(render_send(a_message("location", R"({"latitude":55})")).error().code == "bad_content");
    CHECK(render_send(a_message("hologram")).error().code == "type_not_supported");
}

TEST_CASE("a request goes to the channel's own address and version with its token, and has a deadline") {
    Channel channel;
    channel.credentials["access_token"] = Secret("EAAG");
    CHECK(graph_request(channel, "POST", "1/messages").url == "https://graph.facebook.com/v25.0/1/messages");
    channel.settings = {{"base_url", "http://127.0.0.1:9000"}, {"api_version", "v26.0"}};
    const HttpRequest request = graph_request(channel, "POST", "1/messages");
    CHECK(request.url == "http://127.0.0.1:9000/v26.0/1/messages");
    CHECK(request.bearer.reveal() == "EAAG");
    CHECK(request.timeout > 0ms);
}

TEST_CASE("a long text is cut at blanks, never inside a character, and loses no word") {
    CHECK(split_text("short", 4096) == std::vector<std::string>{"short"});
    CHECK(split_text("one two three", 8) == std::vector<std::string>{"one two", "three"});
    CHECK(split_text("абвгд", 2) == std::vector<std::string>{"аб", "вг", "д"});
    CHECK(split_text("", 10) == std::vector<std::string>{""});
    std::string russian;
    for (int i = 0; i < 10'000; ++i)
        russian += "ж";
    const auto parts = split_text(russian, 4096);
    REQUIRE(parts.size() == 3);
    CHECK(parts[0] + parts[1] + parts[2] == russian);
}
