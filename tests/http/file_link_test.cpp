#include "http/file_link.hpp"

#include <doctest/doctest.h>

using namespace okno;
using http::FileLink;

static const Timestamp now = from_millis(1'795'000'000'000);

TEST_CASE("a link leads to its file until its time is over") {
    const FileLink link{make_id<WorkspaceId>(), make_id<MediaId>(), now};
    const std::string token = http::write_file_link(link);
    const auto read = http::read_file_link(token, now);
    REQUIRE(read);
    CHECK(read->workspace == link.workspace);
    CHECK(read->media == link.media);
    CHECK_FALSE(http::read_file_link(token, now + 1ms));
}

TEST_CASE("a link is bound to its workspace, its file and its time: any change makes it none") {
    const std::string token = http::write_file_link({make_id<WorkspaceId>(), make_id<MediaId>(), now});
    for (std::size_t at = 0; at < token.size(); ++at) {
        std::string changed = token;
        changed[at] = changed[at] == '0' ? '1' : '0';
        CHECK_FALSE(http::read_file_link(changed, now));
    }
    CHECK_FALSE(http::read_file_link(token.substr(0, token.rfind('.')), now));
    CHECK_FALSE(http::read_file_link(token.substr(0, token.size() - 1), now));
    CHECK_FALSE(http::read_file_link(token + "0", now));
    for (const char* text : {"", ".", "...", "a.b.c.d"})
        CHECK_FALSE(http::read_file_link(text, now));
}
