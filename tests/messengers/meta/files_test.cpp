// Uploads before a message, and fetching what came.
#include "messengers/meta/files.hpp"

#include "messengers/meta/an_account.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;
namespace json = boost::json;

static const meta::FacebookMessenger messenger;

static SendOutcome send(RecordedReplies& http, const std::string& type) {
    OutboundMessage message = to_person(type, "");
    message.file = OutboundFile{"ab", "/tmp/ab", "plan.png", "image/png"};
    return wait_for(messenger.send(std::move(message), a_page(), http));
}

TEST_CASE("a file is uploaded, and the message names it") {
    RecordedReplies http;
    http.answer(200, R"({"attachment_id":"17001"})");
    http.answer(200, sent_body);
    REQUIRE(std::holds_alternative<Accepted>(send(http, "document")));
    const HttpRequest& upload = http.asked.at(0);
    CHECK(upload.url.find("/104500000000001/message_attachments?") != std::string::npos);
    CHECK(upload.form.at(0).value == R"({"attachment":{"type":"file","payload":{"is_reusable":true}}})");
    CHECK(upload.form.at(1).name == "filedata");
    CHECK(upload.form.at(1).file == "/tmp/ab");
    CHECK(body_sent(http, 1).at("message").at("attachment") ==
          json::parse(R"({"type":"file","payload":{"attachment_id":"17001"}})"));
}

TEST_CASE("a refused file fails the message; an upload without an answer is tried again, for nothing has left") {
    RecordedReplies http;
    http.answer(400, error_body(100, 2018109));
    CHECK(std::get<Rejected>(send(http, "image")).code == "media_not_accepted");
    http.replies.emplace_back(fail(ErrorKind::left_no_answer, "left_no_answer", "timed out"));
    CHECK(std::get<RetryLater>(send(http, "image")).max_tries == 8);
    http.answer(200, "{}");
    CHECK(std::get<RetryLater>(send(http, "image")).max_tries == 8);
    CHECK(http.asked.size() == 3);
}

static Result<void> fetch(RecordedReplies& http, const std::string& url, const std::string& base = {}) {
    Channel channel = a_page();
    if (!base.empty()) channel.settings["base_url"] = base;
    Media media;
    media.provider_id = url;
    return wait_for(meta::fetch_file(media, channel, "/tmp/x", http));
}

TEST_CASE("what came is fetched from its address without the token, through redirects") {
    RecordedReplies http;
    http.redirect("https://video.example/b");
    http.answer(200, "");
    REQUIRE(fetch(http, "https://scontent.example/a"));
    REQUIRE(http.asked.size() == 2);
    CHECK(http.asked[1].url == "https://video.example/b");
    CHECK(http.asked[0].bearer.empty());
    CHECK(http.asked[0].save_to == "/tmp/x");
}

TEST_CASE("addresses that are not the web's are not asked, gone ones are gone, others may come back") {
    RecordedReplies http;
    CHECK(fetch(http, "http://10.0.0.1/a").error().code == "foreign_host");
    CHECK(fetch(http, "https://user@scontent.example/a").error().code == "foreign_host");
    CHECK(fetch(http, "file:///etc/passwd").error().code == "foreign_host");
    CHECK(http.asked.empty());
    http.answer(200, "");
    CHECK(fetch(http, "http://127.0.0.1:8099/meta-files/1", "http://127.0.0.1:8099"));
    for (const int status : {403, 404, 410}) {
        http.answer(status, "");
        CHECK(fetch(http, "https://a.example/1").error().code == "media_gone");
    }
    http.answer(502, "");
    CHECK(fetch(http, "https://a.example/1").error().kind == ErrorKind::unavailable);
    for (int i = 0; i < 4; ++i)
        http.redirect("https://a.example/again");
    CHECK(fetch(http, "https://a.example/1").error().code == "foreign_host");
}
