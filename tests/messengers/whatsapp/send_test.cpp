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
