// To whom the access token may be shown when files are fetched.
#include "messengers/whatsapp/media.hpp"

#include <doctest/doctest.h>

using namespace okno;
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
