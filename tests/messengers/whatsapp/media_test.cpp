// Files of customers: to whom the access token may be shown, and what is tried again.
#include "messengers/whatsapp/media.hpp"

#include "messengers/whatsapp/recorded_replies.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
using okno::whatsapp::may_get_token;

TEST_CASE("the token goes to Meta's media hosts and to the channel's own API address only") {
    Channel channel;
    CHECK(may_get_token("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", channel));
    CHECK(may_get_token("https://scontent.fbcdn.net/x", channel));
    CHECK(may_get_token("https://mmg.whatsapp.net/x", channel));
    CHECK_FALSE(may_get_token("http://lookaside.fbsbx.com/x", channel));
    CHECK_FALSE(may_get_token("https://lookaside.fbsbx.com.evil.example/x", channel));
    CHECK_FALSE(may_get_token("https://lookaside.fbsbx.com@evil.example/x", channel));
    CHECK_FALSE(may_get_token("https://evilfbcdn.net/x", channel));
    CHECK_FALSE(may_get_token("file:///etc/passwd", channel));
    channel.settings["base_url"] = "http://127.0.0.1:8099";
    CHECK(may_get_token("http://127.0.0.1:8099/media-files/1", channel));
    CHECK_FALSE(may_get_token("http://127.0.0.1:8100/media-files/1", channel));
    channel.settings["media_hosts"] = R"(["files.example"])";
    CHECK(may_get_token("https://files.example/1", channel));
    CHECK_FALSE(may_get_token("https://other.example/1", channel));
}

static Result<void> fetch(RecordedReplies& http) {
    Media media;
    media.provider_id = "77";
    return wait_for(okno::whatsapp::fetch_file(media, a_number(), "/nowhere", http));
}

static const char* const address = R"({"url":"https://lookaside.fbsbx.com/a","file_size":"1000"})";

TEST_CASE("an address that has expired is asked for once more, a file that stays away is gone") {
    RecordedReplies http;
    http.answer(200, address);
    http.answer(404, "");
    http.answer(200, R"({"url":"https://lookaside.fbsbx.com/b"})");
    http.answer(200, "bytes");
    CHECK(fetch(http));
    CHECK(http.asked.front().url == "https://graph.facebook.com/v25.0/77?phone_number_id=1234567890");
    CHECK(http.asked.back().url == "https://lookaside.fbsbx.com/b");
    CHECK(http.asked.back().bearer.reveal() == "EAAG");
    for (int i = 0; i < 2; ++i) {
        http.answer(200, address);
        http.answer(404, "");
    }
    CHECK(fetch(http).error().code == "media_gone");
}

TEST_CASE("the token does not follow a file to a foreign host, neither named nor redirected to") {
    RecordedReplies http;
    http.answer(200, R"({"url":"https://evil.example/a"})");
    CHECK(fetch(http).error().code == "foreign_host");
    http.answer(200, address);
    http.redirect("https://scontent.fbcdn.net/a");
    http.answer(200, "bytes");
    CHECK(fetch(http));
    http.answer(200, address);
    http.redirect("https://evil.example/a");
    CHECK(fetch(http).error().code == "foreign_host");
    for (const HttpRequest& request : http.asked)
        CHECK(request.url.find("evil") == std::string::npos);
}

TEST_CASE("a file over the cap is not fetched at all, and none may grow over it on the way") {
    RecordedReplies http;
    http.answer(200, R"({"url":"https://lookaside.fbsbx.com/a","file_size":104857601})");
    CHECK(fetch(http).error().code == "file_too_large");
    http.answer(200, address);
    http.answer(200, "bytes");
    CHECK(fetch(http));
    CHECK(http.asked.back().max_reply_bytes == 100 << 20);
}

TEST_CASE("a customer's file waits while the token is dead, and for what may pass") {
    RecordedReplies http;
    http.answer(401, R"({"error":{"code":190,"message":"expired"}})");
    CHECK(fetch(http).error().kind == ErrorKind::unavailable);
    http.answer(400, R"({"error":{"code":131016,"message":"busy"}})");
    CHECK(fetch(http).error().kind == ErrorKind::unavailable);
    http.answer(400, R"({"error":{"code":100,"message":"no such media"}})");
    CHECK(fetch(http).error().kind == ErrorKind::conflict);
}
