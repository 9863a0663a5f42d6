#include "http/file_link.hpp"

#include <doctest/doctest.h>

using namespace okno;
using http::FileLink;

static const std::string key = http::file_link_key(SealingKey{});
static const Timestamp now = from_millis(1'795'000'000'000);

TEST_CASE("a link leads to its file until its time is over") {
    const FileLink link{make_id<WorkspaceId>(), make_id<MediaId>(), now};
    const std::string token = http::write_file_link(key, link);
    const auto read = http::read_file_link(key, token, now);
    REQUIRE(read);
    CHECK(read->workspace == link.workspace);
    CHECK(read->media == link.media);
    CHECK_FALSE(http::read_file_link(key, token, now + 1ms));
}

TEST_CASE("a link is bound to its workspace, its file and its time: any change makes it none") {
    const std::string token = http::write_file_link(key, {make_id<WorkspaceId>(), make_id<MediaId>(), now});
    for (std::size_t at = 0; at < token.size(); ++at) {
        std::string changed = token;
        changed[at] = changed[at] == '0' ? '1' : '0';
        CHECK_FALSE(http::read_file_link(key, changed, now));
    }
    CHECK_FALSE(http::read_file_link(key, token.substr(0, token.rfind('.')), now));
    CHECK_FALSE(http::read_file_link(key, token.substr(0, token.size() - 1), now));
    CHECK_FALSE(http::read_file_link(key, token + "0", now));
    for (const char* text : {"", ".", "...", "a.b.c.d"})
        CHECK_FALSE(http::read_file_link(key, text, now));
}

TEST_CASE("nodes with the same secret read each other's links, and nobody else's") {
    const FileLink link{make_id<WorkspaceId>(), make_id<MediaId>(), now};
    SealingKey ours, others;
    others.bytes[0] = 1;
    CHECK(http::read_file_link(http::file_link_key(ours), http::write_file_link(key, link), now));
    CHECK_FALSE(http::read_file_link(http::file_link_key(others), http::write_file_link(key, link), now));
}

static std::string path_of(const std::string& name, const std::string& mime) {
    OutboundFile file;
    file.name = name;
    file.mime = mime;
    file.media = make_id<MediaId>();
    return http::path_for_provider(key, make_id<WorkspaceId>(), file);
}

TEST_CASE("a provider gets a path that leads to the file for a week and ends as its kind does") {
    const std::string path = path_of("plan.PDF", "application/pdf");
    REQUIRE(path.starts_with("/files/"));
    CHECK(path.ends_with("/file.PDF"));
    const std::string token = path.substr(7, path.find("/file.") - 7);
    const Timestamp today = Clock::real_now();
    CHECK(http::read_file_link(key, token, today + std::chrono::days{6}));
    CHECK_FALSE(http::read_file_link(key, token, today + std::chrono::days{8}));
    CHECK(path_of("", "image/jpeg").ends_with("/file.jpg"));
    CHECK(path_of("prices of today.tar gz", "image/png").ends_with("/file.png"));
    CHECK(path_of("odd", "application/x-odd").ends_with("/file"));
}
