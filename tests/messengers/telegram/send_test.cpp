// Our messages as calls of the Bot API.
#include "messengers/telegram/send.hpp"

#include "messengers/telegram/a_bot.hpp"
#include "messengers/telegram/keyboard.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::telegram;
namespace json = boost::json;

static SendOutcome send(RecordedReplies& http, OutboundMessage message) {
    return wait_for(TelegramMessenger{}.send(std::move(message), a_bot(), http));
}

// The only call that a message makes.
static HttpRequest call_of(OutboundMessage message) {
    RecordedReplies http;
    http.answer(200, sent_as("77"));
    const SendOutcome outcome = send(http, std::move(message));
    REQUIRE(std::holds_alternative<Accepted>(outcome));
    CHECK(std::get<Accepted>(outcome).id.value().ends_with(":77"));
    REQUIRE(http.asked.size() == 1);
    return http.asked.front();
}

static json::value sent(OutboundMessage message) { return parameters_of(call_of(std::move(message))); }

static json::value markup_for(const std::string& content) {
    return sent(a_message("interactive", "", content)).at("reply_markup");
}

TEST_CASE("a text goes to the person's chat and comes back named in it") {
    RecordedReplies http;
    http.answer(200, sent_as("77"));
    const SendOutcome outcome = send(http, a_message("text", "Добрый день <b> & всё"));
    REQUIRE(std::holds_alternative<Accepted>(outcome));
    CHECK(std::get<Accepted>(outcome).id.value() == "900100200300:77");
    const HttpRequest& call = http.asked.front();
    CHECK(call.method == "POST");
    CHECK(call.url == door + "sendMessage");
    CHECK(parameters_of(call) == json::parse(R"({"text":"Добрый день <b> & всё","chat_id":"900100200300"})"));
}

TEST_CASE("a Bot API server of one's own and a proxy are settings") {
    Channel channel = a_bot();
    channel.settings = {{"base_url", "https://tg.example/"}, {"proxy", "http://proxy.example:3128"}};
    const HttpRequest request = bot_request(channel, "getMe", {});
    CHECK(request.url == "https://tg.example/bot" + bot_token + "/getMe");
    CHECK(request.proxy == "http://proxy.example:3128");
}

TEST_CASE("an answer quotes the message of the same chat, and goes without it when that is gone") {
    OutboundMessage message = a_message("text", "yes");
    message.reply_to = ProviderMessageId{"900100200300:41"};
    CHECK(sent(message).at("reply_parameters") ==
          json::parse(R"({"message_id":41,"allow_sending_without_reply":true})"));
    for (const char* other : {"900100200300:press386547", "conn1/900100200300:41", "1:41", "41", ""}) {
        message.reply_to = ProviderMessageId{other};
        CHECK_FALSE(sent(message).as_object().contains("reply_parameters"));
    }
}

TEST_CASE("the client of a business account is answered in its owner's chat") {
    OutboundMessage message = a_message("text", "Good day");
    message.to = {{"business", "conn1/900100200301", "conn1/900100200301"}};
    message.reply_to = ProviderMessageId{"conn1/900100200301:7"};
    RecordedReplies http;
    http.answer(200, sent_as("8"));
    CHECK(std::get<Accepted>(send(http, message)).id.value() == "conn1/900100200301:8");
    const json::value call = parameters_of(http.asked.front());
    CHECK(call.at("business_connection_id") == "conn1");
    CHECK(call.at("chat_id") == "900100200301");
    CHECK(call.at("reply_parameters").at("message_id") == 7);
}

TEST_CASE("every choice has a row of its own below the text") {
    CHECK(markup_for(R"({"body":"Which?","buttons":[{"id":"9f3:1","title":"Yes"},{"id":"9f3:2","title":"No"}]})") ==
          json::parse(R"({"inline_keyboard":[[{"text":"Yes","callback_data":"9f3:1"}],
                                             [{"text":"No","callback_data":"9f3:2"}]]})"));
    CHECK(markup_for(R"({"kind":"link","body":"See","title":"Shop","url":"https://shop.example"})") ==
          json::parse(R"({"inline_keyboard":[[{"text":"Shop","url":"https://shop.example"}]]})"));
}

TEST_CASE("header, footer, sections and descriptions of choices stand in the text") {
    const json::value list = sent(a_message("interactive", "", R"({"kind":"list","header":"Order","body":"How?",
        "footer":"Yasno","button":"Choose","sections":[
        {"title":"Delivery","rows":[{"id":"1","title":"Courier","description":"to the door"},{"id":"2","title":"Post"}]},
        {"rows":[{"id":"3","title":"Pickup"},{"id":"4","title":"Locker","description":"day and night"}]}]})"));
    CHECK(list.at("text") == "Order\n\nHow?\n\nDelivery\nCourier: to the door\nPost\nLocker: day and night\n\nYasno");
    CHECK(list.at("reply_markup").at("inline_keyboard").as_array().size() == 4);
}

TEST_CASE("a place and a number are asked for in place of the person's keyboard, but not for a business account") {
    CHECK(markup_for(R"({"kind":"location_request","body":"Where are you?"})") ==
          json::parse(R"({"keyboard":[[{"text":"📍","request_location":true}]],"resize_keyboard":true,
                          "one_time_keyboard":true})"));
    OutboundMessage message =
        a_message("interactive", "", R"({"kind":"contact_request","title":"My number","body":"Your number?"})");
    CHECK(sent(message).at("reply_markup").at("keyboard") ==
          json::parse(R"([[{"text":"My number","request_contact":true}]])"));
    message.to = {{"business", "conn1/900100200301", "conn1/900100200301"}};
    const json::value plain = sent(message);
    CHECK_FALSE(plain.as_object().contains("reply_markup"));
    CHECK(plain.at("text") == "Your number?");
}

TEST_CASE("a place goes as coordinates, with a name as a venue") {
    const HttpRequest bare = call_of(a_message("location", "", R"({"latitude":55.75,"longitude":37.5})"));
    CHECK(bare.url == door + "sendLocation");
    CHECK(parameters_of(bare) == json::parse(R"({"latitude":55.75,"longitude":37.5,"chat_id":"900100200300"})"));
    const HttpRequest venue =
        call_of(a_message("location", "", R"({"latitude":55.75,"longitude":37.5,"name":"Office"})"));
    CHECK(venue.url == door + "sendVenue");
    CHECK(parameters_of(venue).at("title") == "Office");
    CHECK(parameters_of(venue).at("address") == "Office");
}

TEST_CASE("a person with one number goes as a card, more than that as text") {
    const HttpRequest card = call_of(a_message(
        "contacts", "", R"({"contacts":[{"name":{"formatted_name":"Oleg"},"phones":[{"phone":"+79160000000"}]}]})"));
    CHECK(card.url == door + "sendContact");
    CHECK(parameters_of(card).at("phone_number") == "+79160000000");
    CHECK(parameters_of(card).at("first_name") == "Oleg");
    const HttpRequest two = call_of(a_message("contacts", "", R"({"contacts":[
        {"name":{"formatted_name":"Oleg"},"phones":[{"phone":"+1"},{"phone":"+2"}],"emails":[{"email":"o@e.example"}]},
        {"name":{"formatted_name":"Anna"}}]})"));
    CHECK(two.url == door + "sendMessage");
    CHECK(parameters_of(two).at("text") == "Oleg\n+1\n+2\no@e.example\n\nAnna");
}

TEST_CASE("a reaction is set and taken back, and writes nothing") {
    const auto react = [](const std::string& content) {
        RecordedReplies http;
        http.answer(200, R"({"ok":true,"result":true})");
        CHECK(std::get<Accepted>(send(http, a_message("reaction", "", content))).id.value().empty());
        CHECK(http.asked.front().url == door + "setMessageReaction");
        return parameters_of(http.asked.front());
    };
    CHECK(react(R"({"message_id":"900100200300:41","emoji":"👍"})") ==
          json::parse(R"({"message_id":41,"reaction":[{"type":"emoji","emoji":"👍"}],"chat_id":"900100200300"})"));
    CHECK(react(R"({"message_id":"900100200300:41","emoji":""})").at("reaction") == json::array());
}

TEST_CASE("a file is uploaded as what it is, and as a document where Telegram would not show it so") {
    const auto form_of = [](const char* type, const char* mime) {
        const HttpRequest call = call_of(a_file(type, mime, "here"));
        CHECK(field_of(call, "chat_id") == "900100200300");
        CHECK(field_of(call, "caption") == "here");
        CHECK(call.form.back().file == "/tmp/ab");
        CHECK(call.form.back().file_name == "a.bin");
        CHECK(call.form.back().mime == mime);
        return call.url.substr(door.size()) + " " + call.form.back().name;
    };
    CHECK(form_of("image", "image/jpeg") == "sendPhoto photo");
    CHECK(form_of("image", "image/bmp") == "sendDocument document");
    CHECK(form_of("video", "video/mp4") == "sendVideo video");
    CHECK(form_of("video", "video/3gpp") == "sendDocument document");
    CHECK(form_of("audio", "audio/ogg") == "sendVoice voice");
    CHECK(form_of("audio", "audio/mpeg") == "sendAudio audio");
    CHECK(form_of("audio", "audio/mp4") == "sendAudio audio");
    CHECK(form_of("audio", "audio/amr") == "sendDocument document");
    CHECK(form_of("document", "application/pdf") == "sendDocument document");
    CHECK(form_of("sticker", "image/webp") == "sendSticker sticker");
}

TEST_CASE("an upload has its quote as JSON and a name where it has none") {
    OutboundMessage message = a_file("document", "application/pdf");
    message.file->name.clear();
    message.reply_to = ProviderMessageId{"900100200300:41"};
    const HttpRequest call = call_of(message);
    CHECK(json::parse(field_of(call, "reply_parameters")).at("message_id") == 41);
    CHECK(field_of(call, "caption").empty());
    CHECK(call.form.back().file_name == "file");
}

TEST_CASE("what cannot be sent is refused without a call") {
    RecordedReplies http;
    OutboundMessage nobody = a_message("text", "x");
    nobody.to = {{"phone", "79160000000", "79160000000"}};
    CHECK(std::get<Rejected>(send(http, nobody)).code == "no_address");
    CHECK(std::get<Rejected>(send(http, a_message("hologram", ""))).code == "type_not_supported");
    CHECK(std::get<Rejected>(send(http, a_message("image", ""))).code == "type_not_supported");
    CHECK(std::get<Rejected>(send(http, a_message("location", "", R"({"latitude":1})"))).code == "bad_content");
    CHECK(std::get<Rejected>(send(http, a_message("contacts", "", R"({"contacts":[]})"))).code == "bad_content");
    for (const char* target : {"900100200300:press386547", "900100200300:99999999999999999999", "900100200300:4x", ""})
        CHECK(std::get<Rejected>(
                  send(http, a_message("reaction", "", R"({"emoji":"x","message_id":")" + std::string(target) + "\"}")))
                  .code == "bad_content");
    CHECK(http.asked.empty());
}

TEST_CASE("what Telegram would refuse is said before it is queued") {
    const TelegramMessenger telegram;
    const auto place = [&](const char* content) {
        return telegram.check_limits("interactive", "", content).error().where;
    };
    CHECK(telegram.check_limits("text", std::string(9000, 'x'), "{}"));
    CHECK(telegram.check_limits("template", "", "{}").error().code == "type_not_supported");
    CHECK(telegram.check_limits("sticker", "x", "{}").error().where == "text");
    CHECK(telegram.check_limits("sticker", "", "{}"));
    CHECK(place(R"({"body":"x"})") == "interactive.buttons");
    CHECK(place(R"({"body":"x","buttons":[{"id":"1"}]})") == "interactive.buttons");
    CHECK(place(R"({"body":"x","buttons":[{"title":"t"}]})") == "interactive.buttons");
    CHECK(place(R"({"kind":"poll","body":"x"})") == "interactive.kind");
    CHECK(place(R"({"kind":"link","body":"x","title":"t","url":"ftp://x"})") == "interactive.url");
    CHECK(place(R"({"kind":"link","body":"x","title":"t","url":"https://"})") == "interactive.url");
    CHECK(place(R"({"kind":"link","body":"x","title":"t","url":"https://a b"})") == "interactive.url");
    CHECK(place(R"({"kind":"link","body":"x","url":"https://e.example"})") == "interactive.title");
    CHECK(telegram.check_limits("interactive", "", R"({"kind":"link","body":"x","title":"t","url":"tg://resolve"})"));
    CHECK(telegram.check_limits("interactive", "", R"({"kind":"contact_request","body":"x"})"));
}

static std::string letters(int count) {
    std::string out;
    for (int i = 0; i < count; ++i)
        out += "ё";
    return out;
}

static Result<void> check_button(const std::string& id) {
    return TelegramMessenger{}.check_limits("interactive", "",
                                            R"({"body":"x","buttons":[{"title":"t","id":")" + id + R"("}]})");
}

TEST_CASE("the id of a button is counted in bytes") {
    CHECK(check_button(letters(32)));
    CHECK(check_button(letters(32) + "x").error().where == "interactive.buttons");
}

TEST_CASE("at most a hundred buttons stand under a message") {
    const auto check = [](int count) {
        json::array rows;
        for (int i = 0; i < count; ++i)
            rows.push_back(json::object{{"id", std::to_string(i)}, {"title", "t"}});
        const json::object content{
            {"kind", "list"}, {"body", "x"}, {"sections", json::array{json::object{{"rows", rows}}}}};
        return TelegramMessenger{}.check_limits("interactive", "", json::serialize(content));
    };
    CHECK(check(100));
    CHECK(check(101).error().where == "interactive.buttons");
}

TEST_CASE("texts are counted in UTF-16 units") {
    const TelegramMessenger telegram;
    std::string faces;
    for (int i = 0; i < 512; ++i)
        faces += "😀";
    CHECK(telegram.check_limits("image", letters(1024), "{}"));
    CHECK(telegram.check_limits("image", letters(1025), "{}").error().where == "text");
    CHECK(telegram.check_limits("document", faces, "{}"));
    CHECK(telegram.check_limits("document", faces + "x", "{}").error().where == "text");
    const auto choices = [&](const std::string& body) {
        return telegram.check_limits("interactive", body,
                                     R"({"buttons":[{"id":"1","title":"t"}],"body":")" + body + R"("})");
    };
    CHECK(choices(letters(4096)));
    CHECK(choices(letters(4097)).error().where == "interactive.body");
    CHECK(telegram.parts_of("text", letters(4096)).size() == 1);
    CHECK(telegram.parts_of("text", letters(4097)).size() == 2);
    CHECK(telegram.parts_of("text", faces + faces + faces + faces).size() == 1);
    CHECK(telegram.parts_of("text", faces + faces + faces + faces + "x").size() == 2);
    CHECK(telegram.parts_of("image", letters(5000)).size() == 1);
}
