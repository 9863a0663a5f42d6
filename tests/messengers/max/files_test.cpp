// Files in two steps, waiting for what MAX works on, and fetching.
#include "messengers/max/files.hpp"

#include "messengers/max/a_bot.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
namespace json = boost::json;

static OutboundMessage a_file(const std::string& type, const std::string& name, const std::string& mime) {
    OutboundMessage message = a_message_to_max(type, "here");
    message.file = OutboundFile{"ab", "/tmp/ab", name, mime};
    return message;
}

static SendOutcome send(RecordedReplies& http, OutboundMessage message) {
    return wait_for(a_max().send(std::move(message), a_bot(), http));
}

static json::value attachment_in(const HttpRequest& request) {
    return json::parse(request.body).at("attachments").at(0);
}

static const char* const place = R"({"url":"https://fu.oneme.ru/upload?sig=1"})";
static const char* const place_with_token = R"({"url":"https://vu.okcdn.ru/upload?sig=1","token":"vt"})";

TEST_CASE("a picture is left where MAX says and goes with its caption") {
    RecordedReplies http;
    http.answer(200, place);
    http.answer(200, R"({"photos":{"a1":{"token":"pt"}}})");
    http.answer(200, sent_to_max("mid.7"));
    REQUIRE(std::holds_alternative<Accepted>(send(http, a_file("image", "a.png", "image/png"))));
    REQUIRE(http.asked.size() == 3);
    CHECK(http.asked[0].url == "https://platform-api2.max.ru/uploads?type=image");
    CHECK(http.asked[0].headers.get("Authorization") == "f9LHodD0cOL");
    CHECK(http.asked[1].url == "https://fu.oneme.ru/upload?sig=1");
    CHECK(http.asked[1].headers.get("Authorization").empty());
    CHECK(http.asked[1].form.at(0).name == "data");
    CHECK(http.asked[1].form.at(0).file_name == "a.png");
    CHECK(attachment_in(http.asked[2]) == json::parse(R"({"type":"image","payload":{"token":"pt"}})"));
    CHECK(json::parse(http.asked[2].body).at("text") == json::value("here"));
}

TEST_CASE("videos and sound have their token before they are left, files after; stickers go as files") {
    struct Case {
        const char* type;
        const char* kind;
        const char* asked;
        const char* left;
        const char* token;
    };
    for (const Case& one : {Case{"video", "video", place_with_token, "<retval>1</retval>", "vt"},
                            Case{"audio", "audio", place_with_token, R"({"retval":1})", "vt"},
                            Case{"document", "file", place, R"({"fileId":1,"token":"ft"})", "ft"},
                            Case{"sticker", "file", place, R"({"token":"st"})", "st"}}) {
        CAPTURE(one.type);
        RecordedReplies http;
        http.answer(200, one.asked);
        http.answer(200, one.left);
        http.answer(200, sent_to_max("mid.8"));
        REQUIRE(std::holds_alternative<Accepted>(send(http, a_file(one.type, "", ""))));
        CHECK(http.asked[0].url.ends_with("/uploads?type=" + std::string(one.kind)));
        CHECK(http.asked[1].form.at(0).file_name == "file");
        const json::object wanted{{"type", one.kind}, {"payload", json::object{{"token", one.token}}}};
        CHECK(attachment_in(http.asked[2]) == json::value(wanted));
    }
}

TEST_CASE("a file that MAX works on is waited for with the same token, longer each time and for a minute at most") {
    RecordedReplies http;
    http.answer(200, place_with_token);
    http.answer(200, "");
    for (int i = 0; i < 3; ++i)
        http.answer(400, refusal_of_max("attachment.not.ready"));
    http.answer(200, sent_to_max("mid.9"));
    CHECK(std::get<Accepted>(send(http, a_file("video", "a.mp4", "video/mp4"))).id.value() == "98765:mid.9");
    REQUIRE(http.asked.size() == 6);
    CHECK(http.asked[5].body == http.asked[2].body);

    http.asked.clear();
    http.answer(200, place_with_token);
    http.answer(200, "");
    for (int i = 0; i < 7; ++i)  // 1, 2, 4, 8, 16 and 29 beats between them
        http.answer(400, refusal_of_max("attachment.not.ready"));
    const auto later = std::get<RetryLater>(send(http, a_file("video", "a.mp4", "video/mp4")));
    CHECK(later.after == 1min);
    CHECK(later.max_tries == 3);
    CHECK(http.asked.size() == 9);
}

TEST_CASE("a refused file fails the message, one that could not be left is tried again later") {
    RecordedReplies http;
    http.answer(200, place);
    http.answer(400, R"({"error_code":"4","error_data":"NOT_AN_IMAGE"})");
    CHECK(std::get<Rejected>(send(http, a_file("image", "a.png", "image/png"))).code == "media_not_accepted");
    http.answer(200, place);
    http.replies.emplace_back(fail(ErrorKind::left_no_answer, "left_no_answer", "timed out"));
    CHECK(std::get<RetryLater>(send(http, a_file("document", "a.pdf", ""))).max_tries == 8);
    http.answer(200, place);
    http.answer(504, "<html>");
    CHECK(std::holds_alternative<RetryLater>(send(http, a_file("document", "a.pdf", ""))));
    http.answer(200, place);
    http.answer(200, "{}");
    CHECK(std::holds_alternative<RetryLater>(send(http, a_file("document", "a.pdf", ""))));
    http.answer(200, R"({"url":"http://10.0.0.1/"})");
    CHECK(std::holds_alternative<RetryLater>(send(http, a_file("document", "a.pdf", ""))));
    http.answer(502, "<html>");
    CHECK(std::holds_alternative<RetryLater>(send(http, a_file("document", "a.pdf", ""))));
    http.answer(404, refusal_of_max("not.found"));
    CHECK_FALSE(std::get<Rejected>(send(http, a_file("document", "a.pdf", ""))).blocks_person);
    http.answer(401, refusal_of_max("verify.token"));
    CHECK(std::get<Rejected>(send(http, a_file("document", "a.pdf", ""))).about_channel == ChannelNotice::Kind::broken);
    CHECK(http.replies.empty());
}

static Result<void> fetch(RecordedReplies& http, const std::string& id) {
    Media media;
    media.provider_id = id;
    return wait_for(a_max().fetch_media(media, a_bot(), "/tmp/x", http));
}

TEST_CASE("a file is fetched from its address without the token, through redirects") {
    RecordedReplies http;
    http.redirect("https://fd2.oneme.ru/a");
    http.answer(200, "");
    CHECK(fetch(http, "https://fd.oneme.ru/a"));
    REQUIRE(http.asked.size() == 2);
    for (const HttpRequest& request : http.asked) {
        CHECK(request.headers.get("Authorization").empty());
        CHECK(request.save_to == "/tmp/x");
    }
    for (const int status : {403, 404, 410}) {
        http.answer(status, "");
        CHECK(fetch(http, "https://fd.oneme.ru/a").error().code == "media_gone");
    }
    http.answer(500, "");
    CHECK(fetch(http, "https://fd.oneme.ru/a").error().kind == ErrorKind::unavailable);
    for (const char* foreign : {"http://fd.oneme.ru/a", "file:///etc/passwd", "", "ftp://fd.oneme.ru"})
        CHECK(fetch(http, foreign).error().code == "foreign_host");
    for (int i = 0; i < 4; ++i)
        http.redirect("https://fd.oneme.ru/a");
    CHECK(fetch(http, "https://fd.oneme.ru/a").error().code == "foreign_host");
}

TEST_CASE("of a video the best file is asked for by its token") {
    RecordedReplies http;
    http.answer(
        200, R"({"token":"vt","urls":{"mp4_1080":null,"mp4_720":"https://v.okcdn.ru/720","mp4_360":"https://v/3"}})");
    http.answer(200, "");
    CHECK(fetch(http, "video:vt"));
    CHECK(http.asked[0].url == "https://platform-api2.max.ru/videos/vt");
    CHECK(http.asked[0].headers.get("Authorization") == "f9LHodD0cOL");
    CHECK(http.asked[1].url == "https://v.okcdn.ru/720");
    http.answer(200, R"({"token":"vt","urls":null})");
    CHECK(fetch(http, "video:vt").error().kind == ErrorKind::unavailable);
    http.answer(404, refusal_of_max("video.not.found"));
    CHECK(fetch(http, "video:vt").error().kind == ErrorKind::conflict);
    CHECK(fetch(http, "video:../me").error().code == "media_gone");
}
