#include "media/disk_files.hpp"

#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

using namespace okno;
using namespace okno::tests;

static std::string part_of(const media::DiskFiles& files, const std::string& bytes) {
    const std::string part = files.new_part();
    std::ofstream(part, std::ios::binary) << bytes;
    return part;
}

TEST_CASE("a file is found by its hash, and the same bytes are stored once") {
    TemporaryDirectory directory;
    const media::DiskFiles files(directory.path / "media");
    const auto first = files.adopt(part_of(files, "hello"));
    const auto second = files.adopt(part_of(files, "hello"));
    REQUIRE(first);
    CHECK(first->sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    CHECK(first->size == 5);
    CHECK(second->sha256 == first->sha256);
    std::ifstream in(files.path_of(first->sha256), std::ios::binary);
    CHECK(std::string{std::istreambuf_iterator<char>(in), {}} == "hello");
    CHECK(std::filesystem::is_empty(files.incoming()));
}

TEST_CASE("a file is what its bytes are, not what it is called") {
    TemporaryDirectory directory;
    const media::DiskFiles files(directory.path / "media");
    CHECK(files.adopt(part_of(files, "%PDF-1.4\n%x\n1 0 obj\n"))->mime == "application/pdf");
    const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x8\6\0\0\0", 29);
    CHECK(files.adopt(part_of(files, png))->mime == "image/png");
    CHECK(files.adopt(part_of(files, "<html><script>alert(1)</script></html>"))->mime == "text/html");
}

TEST_CASE("what was half-written when the last run ended is removed, whole files stay") {
    TemporaryDirectory directory;
    std::string kept;
    {
        const media::DiskFiles files(directory.path / "media");
        kept = files.adopt(part_of(files, "whole"))->sha256;
        part_of(files, "half");
    }
    const media::DiskFiles files(directory.path / "media");
    CHECK(std::filesystem::is_empty(files.incoming()));
    CHECK(std::filesystem::exists(files.path_of(kept)));
}

TEST_CASE("a part that is missing is an error in words") {
    TemporaryDirectory directory;
    const media::DiskFiles files(directory.path / "media");
    CHECK(files.adopt("/nowhere").error().detail.find("/nowhere cannot be stored") == 0);
}

TEST_CASE("a file is listed in the group of its hash, and leaves the disk only when it is old enough") {
    TemporaryDirectory directory;
    const media::DiskFiles files(directory.path / "media");
    const std::string hash = files.adopt(part_of(files, "hello"))->sha256;
    CHECK(files.stored(0x2c) == std::vector{hash});
    CHECK(files.stored(0x2d).empty());
    CHECK_FALSE(files.remove(hash, 1h));
    CHECK(files.remove(hash, 0s));
    CHECK_FALSE(std::filesystem::exists(files.path_of(hash)));
    CHECK_FALSE(files.remove(hash, 0s));
}
