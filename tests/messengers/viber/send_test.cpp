// What goes to send_message.
#include "messengers/viber/send.hpp"

#include "messengers/viber/a_bot.hpp"
#include "messengers/viber/api.hpp"
#include "messengers/viber/keyboard.hpp"
#include "messengers/viber/text.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::viber;
namespace json = boost::json;

static json::object sent(OutboundMessage message, const Channel& channel = a_bot()) {
    RecordedReplies http;
    http.answer(200, taken);
    const SendOutcome outcome = wait_for(ViberMessenger{}.send(std::move(message), channel, http));
    REQUIRE(std::holds_alternative<Accepted>(outcome));
    REQUIRE(http.asked.size() == 1);
    return body_of_call(http.asked.front());
}

static Rejected refused(OutboundMessage message) {
    RecordedReplies http;
    const SendOutcome outcome = wait_for(ViberMessenger{}.send(std::move(message), a_bot(), http));
    REQUIRE(std::holds_alternative<Rejected>(outcome));
    CHECK(http.asked.empty());
    return std::get<Rejected>(outcome);
}

TEST_CASE("a text goes to the person under the channel's name and carries our reference") {
    const json::object body = sent(a_message("text", "Добрый день"));
    CHECK(body.at("receiver") == "01234567890A=");
    CHECK(body.at("type") == "text");
    CHECK(body.at("text") == "Добрый день");
    CHECK(body.at("sender") == json::parse(R"({"name":"Shop"})"));
    CHECK(body.at("min_api_version") == 1);
    CHECK(json::parse(body.at("tracking_data").as_string()) ==
          json::parse(R"({"m":"0197c0de-0000-7000-8000-000000000001"})"));
    CHECK_FALSE(body.contains("keyboard"));
}

TEST_CASE("name, picture, address of the API and way out are settings") {
    Channel channel = a_bot();
    channel.name = std::string(40, 'x');
    CHECK(sent(a_message("text", "x"), channel).at("sender").at("name").as_string().size() == 28);
    channel.settings["sender_name"] = "Anna";
    channel.settings["sender_avatar"] = "https://a.example/x.png";
    CHECK(sent(a_message("text", "x"), channel).at("sender") ==
          json::parse(R"({"name":"Anna","avatar":"https://a.example/x.png"})"));
    channel.settings["base_url"] = "https://relay.example/";
    channel.settings["proxy"] = "http://proxy:1";
    const HttpRequest request = api_request(channel, "send_message", {});
    CHECK(request.url == "https://relay.example/pa/send_message");
    CHECK(request.proxy == "http://proxy:1");
}

TEST_CASE("choices stand on buttons one below the other, and what they are comes back with the press") {
    const json::object body = sent(a_message(
        "interactive", "Deliver?",
        R"({"kind":"buttons","header":"Order 7","body":"Deliver?","footer":"Shop","buttons":[{"id":"9f3:1","title":"Yes <now>"},
            {"id":"9f3:2","title":"No"}]})"));
    CHECK(body.at("text") == "Order 7\n\nDeliver?\n\nShop");
    const json::array& buttons = body.at("keyboard").at("Buttons").as_array();
    REQUIRE(buttons.size() == 2);
    CHECK(buttons[0].at("ActionType") == "reply");
    CHECK(buttons[0].at("ActionBody") == "b:9f3:1");
    CHECK(buttons[0].at("Text") == "Yes &lt;now>");
    CHECK(buttons[0].at("Columns") == 6);
    CHECK(buttons[0].at("Silent") == true);
    CHECK(json::parse(body.at("tracking_data").as_string()).at("c") ==
          json::parse(R"([["9f3:1","Yes <now>"],["9f3:2","No"]])"));
}

TEST_CASE("of a list the descriptions and the titles that do not fit are written out") {
    const std::string long_title = "All about the delivery of parcels to the villages beyond the river in spring";
    const json::object body = sent(a_message(
        "interactive", "Choose",
        json::serialize(json::parse(
            R"({"kind":"list","body":"Choose","sections":[{"rows":[{"id":"1","title":"Post","description":"3 days"},
                               {"id":"2","title":")" +
            long_title + R"("},{"id":"3","title":"Courier"}]}]})"))));
    CHECK(std::string(body.at("text").as_string()) == "Choose\nPost: 3 days\n" + long_title);
    const json::string& words = body.at("keyboard").at("Buttons").at(1).at("Text").as_string();
    CHECK(characters(words) <= 60);
    CHECK(std::string_view(words).ends_with("…"));
}

static std::string many(int count, const std::string& title = "Title") {
    json::array buttons;
    for (int i = 0; i < count; ++i)
        buttons.push_back(json::object{{"id", std::to_string(i)}, {"title", title}});
    return json::serialize(json::object{{"kind", "buttons"}, {"body", "Choose"}, {"buttons", std::move(buttons)}});
}

TEST_CASE("more choices than rows stand two abreast; what titles do not fit beside them are forgotten") {
    CHECK(sent(a_message("interactive", "", many(24))).at("keyboard").at("Buttons").at(0).at("Columns") == 6);
    const json::object body = sent(a_message("interactive", "", many(48, std::string(100, 'x'))));
    CHECK(body.at("keyboard").at("Buttons").at(0).at("Columns") == 3);
    CHECK(body.at("tracking_data").as_string().size() <= 4000);
    CHECK(json::parse(body.at("tracking_data").as_string()).at("c").as_array().empty());
    CHECK(json::serialize(body).size() <= most_body_bytes);
}

TEST_CASE("a link, a question for the number and one for the place have a button each") {
    const json::object link = sent(a_message(
        "interactive", "Look", R"({"kind":"link","body":"Look","title":"Site","url":"https://shop.example"})"));
    CHECK(link.at("text") == "Look\nhttps://shop.example");
    CHECK(link.at("keyboard").at("Buttons").at(0).at("ActionType") == "open-url");
    CHECK(link.at("keyboard").at("Buttons").at(0).at("ActionBody") == "https://shop.example");
    const json::object phone =
        sent(a_message("interactive", "Call you?", R"({"kind":"contact_request","body":"Call you?","title":"Share"})"));
    CHECK(phone.at("keyboard").at("Buttons").at(0).at("ActionType") == "share-phone");
    CHECK(phone.at("min_api_version") == 3);
    CHECK(json::parse(phone.at("tracking_data").as_string()).at("p") == true);
    const json::object place =
        sent(a_message("interactive", "Where?", R"({"kind":"location_request","body":"Where?"})"));
    CHECK(place.at("keyboard").at("Buttons").at(0).at("ActionType") == "location-picker");
}

TEST_CASE("a place goes as a place, one with a name in words with its address on the map") {
    const json::object pin = sent(a_message("location", "", R"({"latitude":55.75,"longitude":37.61})"));
    CHECK(pin.at("type") == "location");
    CHECK(pin.at("location") == json::parse(R"({"lat":55.75,"lon":37.61})"));
    const json::object named =
        sent(a_message("location", "", R"({"latitude":55.75,"longitude":37.61,"name":"Shop","address":"Arbat 1"})"));
    CHECK(named.at("text") == "Shop\nArbat 1\nhttps://maps.google.com/?q=55.75,37.61");
    CHECK(refused(a_message("location", "", R"({"latitude":55.75})")).code == "bad_content");
}

TEST_CASE("one short card goes as a card, everything else in words") {
    const std::string one = R"({"contacts":[{"name":{"formatted_name":"Oleg"},"phones":[{"phone":"+79165550102"}]}]})";
    CHECK(sent(a_message("contacts", "", one)).at("contact") ==
          json::parse(R"({"name":"Oleg","phone_number":"+79165550102"})"));
    const std::string two =
        R"({"contacts":[{"name":{"formatted_name":"Oleg"},"phones":[{"phone":"1"},{"phone":"2"}]},
            {"name":{"formatted_name":"Ann"},"emails":[{"email":"a@b.c"}]}]})";
    CHECK(sent(a_message("contacts", "", two)).at("text") == "Oleg\n1\n2\n\nAnn\na@b.c");
    const std::string long_name =
        R"({"contacts":[{"name":{"formatted_name":")" + std::string(29, 'x') + R"("},"phones":[{"phone":"1"}]}]})";
    CHECK(sent(a_message("contacts", "", long_name)).at("type") == "text");
}

TEST_CASE("a small picture goes with its caption, everything larger or else as a file") {
    const json::object picture = sent(a_file("image", "a.png", "image/png", 1 << 20, "here"));
    CHECK(picture.at("type") == "picture");
    CHECK(picture.at("media") == "https://okno.example/files/t/file.x");
    CHECK(picture.at("text") == "here");
    const json::object large = sent(a_file("image", "a.png", "image/png", (1 << 20) + 1));
    CHECK(large.at("type") == "file");
    CHECK(large.at("size") == (1 << 20) + 1);
    CHECK(large.at("file_name") == "a.png");
    CHECK(sent(a_file("video", "v.mp4", "video/mp4", 5)).at("type") == "video");
    CHECK(sent(a_file("video", "v.mp4", "video/mp4", (26 << 20) + 1)).at("type") == "file");
    CHECK(sent(a_file("video", "v.3gp", "video/3gpp", 5)).at("type") == "file");
    CHECK(sent(a_file("audio", "", "audio/ogg", 5)).at("file_name") == "file.ogg");
    CHECK(sent(a_file("sticker", "s.webp", "image/webp", 5)).at("type") == "file");
    CHECK(sent(a_file("document", "noending", "application/x-odd", 5)).at("file_name") == "noending.dat");
    const std::string name = sent(a_file("document", std::string(400, 'n') + ".pdf", "application/pdf", 5))
                                 .at("file_name")
                                 .as_string()
                                 .c_str();
    CHECK(name.size() == 256);
    CHECK(name.ends_with("n.pdf"));
}

TEST_CASE("a file that Viber takes from nobody, or could not fetch, does not leave") {
    CHECK(refused(a_file("document", "setup.EXE", "application/octet-stream")).code == "media_not_accepted");
    OutboundMessage unreachable = a_file("document", "a.pdf", "application/pdf");
    unreachable.file->link.clear();
    CHECK(refused(unreachable).code == "no_public_address");
}

static std::vector<std::string> beside(const std::string& type, const std::string& mime, std::int64_t size,
                                       const std::string& text) {
    Media media;
    media.mime = mime;
    media.size = size;
    return ViberMessenger{}.parts_beside(media, type, text);
}

TEST_CASE("words that a file cannot carry are the message after it") {
    CHECK(beside("image", "image/png", 5, "here") == std::vector<std::string>{"here"});
    CHECK(beside("image", "image/png", 5, std::string(513, 'x')).size() == 2);
    CHECK(beside("image", "image/png", 2 << 20, "here") == std::vector<std::string>{"", "here"});
    CHECK(beside("document", "application/pdf", 5, "here") == std::vector<std::string>{"", "here"});
    CHECK(beside("document", "application/pdf", 5, "") == std::vector<std::string>{""});
    CHECK(sent(a_file("document", "a.pdf", "application/pdf", 5, "here")).at("text") == "here");
    CHECK(sent(a_file("document", "a.pdf", "application/pdf", 5, "here")).at("type") == "text");
    CHECK(sent(a_file("document", "a.pdf", "application/pdf", 5)).at("type") == "file");
}

TEST_CASE("a long text leaves in parts of 7000 characters, fewer where JSON writes them longer") {
    const ViberMessenger viber;
    CHECK(viber.parts_of("text", std::string(7000, 'x')).size() == 1);
    CHECK(viber.parts_of("text", std::string(7001, 'x')).size() == 2);
    for (const std::string& piece : {std::string("я"), std::string("😀"), std::string("\x01"), std::string("\"")}) {
        std::string text;
        for (int i = 0; i < 7000; ++i)
            text += piece;
        std::string whole;
        for (const std::string& part : viber.parts_of("text", text)) {
            CHECK(json::serialize(*body_of(a_message("text", part), a_bot(), Form::usual)).size() <= most_body_bytes);
            whole += part;
        }
        CHECK(whole == text);
    }
}

static std::string limit(const std::string& type, const std::string& content) {
    const auto fits = ViberMessenger{}.check_limits(type, "x", content);
    return fits ? "" : fits.error().where;
}

TEST_CASE("what Viber would refuse is told to the author, with the field") {
    CHECK(limit("template", "{}") == "type");
    CHECK(limit("reaction", "{}") == "type");
    CHECK(limit("text", "{}").empty());
    CHECK(limit("interactive", many(48)).empty());
    CHECK(limit("interactive", many(49)) == "interactive.buttons");
    CHECK(limit("interactive", many(0)) == "interactive.buttons");
    CHECK(limit("interactive", many(2, " ")) == "interactive.buttons");
    CHECK(limit("interactive", R"({"kind":"buttons","body":"x","buttons":[{"id":")" + std::string(249, 'x') +
                                   R"(","title":"A"}]})") == "interactive.buttons");
    CHECK(limit("interactive", R"({"kind":"dance","body":"x"})") == "interactive.kind");
    CHECK(limit("interactive", R"({"kind":"link","body":"x","title":"A","url":"tg://x"})") == "interactive.url");
    CHECK(limit("interactive", R"({"kind":"link","body":")" + std::string(7000, 'x') +
                                   R"(","title":"A","url":"https://x.example"})") == "interactive.body");
    std::string wide;
    for (int i = 0; i < 6000; ++i)
        wide += "😀";
    CHECK(limit("interactive", R"({"kind":"buttons","body":")" + wide + R"(","buttons":[{"id":"1","title":"A"}]})")
              .empty());
    CHECK(limit("interactive",
                json::serialize(json::object{
                    {"kind", "buttons"}, {"body", wide}, {"buttons", json::parse(many(24)).at("buttons")}})) ==
          "interactive.buttons");
}

static Result<void> fetch(RecordedReplies& http, const std::string& id, const Channel& channel = a_bot()) {
    Media media;
    media.provider_id = id;
    return wait_for(ViberMessenger{}.fetch_media(media, channel, "/tmp/x", http));
}

TEST_CASE("a file is fetched from its address without the token, a sticker from its page") {
    RecordedReplies http;
    http.redirect("https://cdn.viber.example/f");
    http.answer(200, "");
    CHECK(fetch(http, "https://dl.viber.example/f?id=1"));
    for (const HttpRequest& request : http.asked) {
        CHECK(request.headers.get("X-Viber-Auth-Token").empty());
        CHECK(request.save_to == "/tmp/x");
    }
    http.asked.clear();
    http.answer(200, "");
    CHECK(fetch(http, "sticker:40100"));
    CHECK(http.asked.front().url == "https://viber.github.io/docs/img/stickers/40100.png");
    Channel channel = a_bot();
    channel.settings["stickers_url"] = "https://mirror.example/s";
    http.answer(200, "");
    CHECK(fetch(http, "sticker:40100", channel));
    CHECK(http.asked.back().url == "https://mirror.example/s/40100.png");
    http.answer(404, "");
    CHECK(fetch(http, "https://dl.viber.example/f").error().code == "media_gone");
    http.answer(500, "");
    CHECK(fetch(http, "https://dl.viber.example/f").error().kind == ErrorKind::unavailable);
    for (const char* foreign : {"http://viber.example/a", "file:///etc/passwd", ""})
        CHECK(fetch(http, foreign).error().code == "foreign_host");
    for (int i = 0; i < 4; ++i)
        http.redirect("https://dl.viber.example/f");
    CHECK(fetch(http, "https://dl.viber.example/f").error().code == "foreign_host");
}
