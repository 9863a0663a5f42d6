// Files in three steps, and fetching them.
#include "messengers/vk/files.hpp"

#include "messengers/vk/a_group.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using namespace okno::vk;

static OutboundMessage a_file(const std::string& type, const std::string& name, const std::string& mime) {
    OutboundMessage message = a_message(type, "here");
    message.file = OutboundFile{"ab", "/tmp/ab", name, mime};
    return message;
}

static SendOutcome send(RecordedReplies& http, OutboundMessage message) {
    return wait_for(VkMessenger{}.send(std::move(message), a_group(), http));
}

static const char* const upload_server = R"({"response":{"upload_url":"https://pu.vk.com/up?a=1"}})";

TEST_CASE("a picture is left where VK says, saved, and goes with its caption") {
    RecordedReplies http;
    http.answer(200, upload_server);
    http.answer(200, R"({"server":7,"photo":"[{\"p\":1}]","hash":"h"})");
    http.answer(200, R"({"response":[{"id":57,"owner_id":-190000001,"access_key":"ab12"}]})");
    http.answer(200, sent_as("77"));
    REQUIRE(std::holds_alternative<Accepted>(send(http, a_file("image", "a.png", "image/png"))));
    REQUIRE(http.asked.size() == 4);
    CHECK(http.asked[0].url.ends_with("/method/photos.getMessagesUploadServer"));
    CHECK(parameter(http.asked[0], "peer_id") == "100200");
    CHECK(http.asked[1].url == "https://pu.vk.com/up?a=1");
    CHECK(http.asked[1].bearer.empty());
    CHECK(http.asked[1].form.at(0).name == "photo");
    CHECK(http.asked[2].url.ends_with("/method/photos.saveMessagesPhoto"));
    CHECK(parameter(http.asked[2], "server") == "7");
    CHECK(parameter(http.asked[2], "photo") == R"([{"p":1}])");
    CHECK(parameter(http.asked[3], "attachment") == "photo-190000001_57_ab12");
    CHECK(parameter(http.asked[3], "message") == "here");
}

TEST_CASE("voice goes as voice, everything else as a file under its name") {
    RecordedReplies http;
    http.answer(200, upload_server);
    http.answer(200, R"({"file":"f|1"})");
    http.answer(200, R"({"response":{"type":"audio_message","audio_message":{"id":59,"owner_id":1}}})");
    http.answer(200, sent_as("77"));
    REQUIRE(std::holds_alternative<Accepted>(send(http, a_file("audio", "v.ogg", "audio/ogg"))));
    CHECK(parameter(http.asked[0], "type") == "audio_message");
    CHECK(parameter(http.asked[3], "attachment") == "doc1_59");
    http.answer(200, upload_server);
    http.answer(200, R"({"file":"f|2"})");
    http.answer(200, R"({"response":{"type":"doc","doc":{"id":60,"owner_id":1}}})");
    http.answer(200, sent_as("78"));
    REQUIRE(std::holds_alternative<Accepted>(send(http, a_file("video", "film.mp4", "video/mp4"))));
    CHECK(parameter(http.asked[4], "type") == "doc");
    CHECK(http.asked[5].form.at(0).name == "file");
    CHECK(parameter(http.asked[6], "title") == "film.mp4");
    CHECK(parameter(http.asked[7], "attachment") == "doc1_60");
}

TEST_CASE("a refused file fails the message, a stale address is asked for anew once") {
    RecordedReplies http;
    http.answer(200, upload_server);
    http.answer(200, R"({"server":7,"photo":"[]","hash":"h"})");
    CHECK(std::get<Rejected>(send(http, a_file("image", "a.png", "image/png"))).code == "media_not_accepted");
    http.answer(200, upload_server);
    http.answer(200, R"({"error":"unknown error","error_descr":"bad file"})");
    CHECK(std::get<Rejected>(send(http, a_file("document", "a.exe", ""))).detail == "bad file");
    http.asked.clear();
    for (int i = 0; i < 2; ++i) {
        http.answer(200, upload_server);
        http.answer(200, R"({"file":"f"})");
        http.answer(200, error_of(105));
    }
    CHECK(std::get<Rejected>(send(http, a_file("document", "a.pdf", ""))).code == "media_not_accepted");
    CHECK(http.asked.size() == 6);
}

TEST_CASE("a file that could not be left is tried again later, nothing was sent") {
    RecordedReplies http;
    http.answer(200, upload_server);
    http.replies.emplace_back(fail(ErrorKind::left_no_answer, "left_no_answer", "timed out"));
    CHECK(std::holds_alternative<RetryLater>(send(http, a_file("document", "a.pdf", ""))));
    http.answer(200, upload_server);
    http.answer(504, "<html>");
    CHECK(std::holds_alternative<RetryLater>(send(http, a_file("document", "a.pdf", ""))));
    http.answer(200, error_of(901));
    CHECK(std::get<Rejected>(send(http, a_file("image", "a.png", "image/png"))).blocks_person);
    http.answer(200, error_of(15));
    CHECK(std::get<Rejected>(send(http, a_file("image", "a.png", "image/png"))).about_channel ==
          ChannelNotice::Kind::warning);
    http.answer(200, error_of(5));
    CHECK(std::get<Rejected>(send(http, a_file("image", "a.png", "image/png"))).about_channel ==
          ChannelNotice::Kind::broken);
}

static Result<void> fetch(RecordedReplies& http, const std::string& url) {
    Media media;
    media.provider_id = url;
    return wait_for(VkMessenger{}.fetch_media(media, a_group(), "/tmp/x", http));
}

TEST_CASE("a file is fetched from its address without the token, through redirects") {
    RecordedReplies http;
    http.redirect("https://psv4.userapi.com/a.pdf");
    http.answer(200, "");
    CHECK(fetch(http, "https://vk.com/doc1_2?hash=1"));
    REQUIRE(http.asked.size() == 2);
    for (const HttpRequest& request : http.asked) {
        CHECK(request.bearer.empty());
        CHECK(request.save_to == "/tmp/x");
    }
    CHECK(http.asked[1].url == "https://psv4.userapi.com/a.pdf");
    http.answer(404, "");
    CHECK(fetch(http, "https://vk.com/a").error().code == "media_gone");
    http.answer(500, "");
    CHECK(fetch(http, "https://vk.com/a").error().kind == ErrorKind::unavailable);
    for (const char* foreign : {"http://vk.com/a", "file:///etc/passwd", "", "ftp://vk.com"})
        CHECK(fetch(http, foreign).error().code == "foreign_host");
    for (int i = 0; i < 4; ++i)
        http.redirect("https://vk.com/a");
    CHECK(fetch(http, "https://vk.com/a").error().code == "foreign_host");
}
