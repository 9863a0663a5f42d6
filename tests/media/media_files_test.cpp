// What every store of files promises, on disk and on a real S3 server.
#include "app/ports/media_files.hpp"
#include "base/crypto.hpp"
#include "media/disk_files.hpp"
#include "media/s3_files.hpp"

#include "support/s3_server.hpp"
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <vector>

namespace okno::media {
namespace {

using tests::S3Server;
using tests::TemporaryDirectory;

const std::string hash_of_hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

std::string part_of(const MediaFiles& files, const std::string& bytes) {
    const std::string part = files.new_part();
    std::ofstream(part, std::ios::binary) << bytes;
    return part;
}

std::string bytes_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

S3Address address_of(const S3Server& server, const std::string& more = "") {
    const auto address =
        read_s3_address("s3://okno/files?endpoint=" + server.url() + "&region=" + server.region + more);
    REQUIRE(address);
    return *address;
}

S3Keys keys_of(const S3Server& server) { return {Secret(server.access_key), Secret(server.secret_key)}; }

void keep_the_promises(const MediaFiles& files) {
    SUBCASE("a file is found by its hash, and the same bytes are stored once") {
        const auto first = files.adopt(part_of(files, "hello"));
        const auto second = files.adopt(part_of(files, "hello"));
        REQUIRE(first);
        REQUIRE(second);
        CHECK(first->sha256 == hash_of_hello);
        CHECK(first->size == 5);
        CHECK(second->sha256 == first->sha256);
        REQUIRE(files.find(first->sha256));
        CHECK(bytes_of(*files.find(first->sha256)) == "hello");
        CHECK(files.fetch(first->sha256) == *files.find(first->sha256));
        CHECK(std::filesystem::is_empty(files.incoming()));
    }
    SUBCASE("a file is what its bytes are, not what it is called") {
        CHECK(files.adopt(part_of(files, "%PDF-1.4\n%x\n1 0 obj\n"))->mime == "application/pdf");
        const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x8\6\0\0\0", 29);
        CHECK(files.adopt(part_of(files, png))->mime == "image/png");
        CHECK(files.adopt(part_of(files, "<html><script>alert(1)</script></html>"))->mime == "text/html");
    }
    SUBCASE("a file of megabytes comes back as it was, and a piece of it can be read") {
        std::string bytes(5 << 20, '\0');
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<char>(i * 7 + i / 251);
        const auto stored = files.adopt(part_of(files, bytes));
        REQUIRE(stored);
        const auto path = files.fetch(stored->sha256);
        REQUIRE(path);
        std::ifstream in(*path, std::ios::binary);
        in.seekg(4'000'000);
        std::string piece(1000, '\0');
        in.read(piece.data(), 1000);
        CHECK(piece == bytes.substr(4'000'000, 1000));
    }
    SUBCASE("a file that was never stored is not there") {
        CHECK_FALSE(files.find(hash_of_hello));
        REQUIRE_FALSE(files.fetch(hash_of_hello));
        CHECK(files.fetch(hash_of_hello).error().kind == ErrorKind::not_found);
        CHECK(std::filesystem::is_empty(files.incoming()));
    }
    SUBCASE("an empty file is a file") { CHECK(files.adopt(part_of(files, ""))->size == 0); }
    SUBCASE("a part that is missing is an error in words") {
        CHECK(files.adopt("/nowhere").error().detail.find("/nowhere cannot be stored") == 0);
    }
    SUBCASE("a file is listed in the group of its hash, and leaves only when it is old enough") {
        REQUIRE(files.adopt(part_of(files, "hello")));
        CHECK(files.stored(0x2c) == std::vector{hash_of_hello});
        CHECK(files.stored(0x2d) == std::vector<std::string>{});
        CHECK(files.remove(hash_of_hello, 1h) == false);
        CHECK(files.find(hash_of_hello));
        CHECK(files.remove(hash_of_hello, 0s) == true);
        CHECK_FALSE(files.find(hash_of_hello));
        CHECK_FALSE(files.fetch(hash_of_hello));
        CHECK(files.stored(0x2c) == std::vector<std::string>{});
        CHECK(files.remove(hash_of_hello, 0s) == false);
    }
}

}  // namespace

TEST_CASE("files on disk") {
    TemporaryDirectory directory;
    keep_the_promises(DiskFiles(directory.path / "media"));
}

TEST_CASE("files in a folder that nodes share") {
    TemporaryDirectory directory;
    keep_the_promises(DiskFiles(directory.path, DiskFiles::Sharing::with_other_nodes));
}

TEST_CASE("files on S3") {
    const S3Server server;
    TemporaryDirectory directory;
    keep_the_promises(S3Files(address_of(server), keys_of(server), directory.path));
}

TEST_CASE("what was half-written when the last run ended is removed, whole files stay") {
    TemporaryDirectory directory;
    std::string kept;
    {
        const DiskFiles files(directory.path / "media");
        kept = files.adopt(part_of(files, "whole"))->sha256;
        part_of(files, "half");
    }
    const DiskFiles files(directory.path / "media");
    CHECK(std::filesystem::is_empty(files.incoming()));
    CHECK(files.find(kept));
}

TEST_CASE("a node that comes leaves alone what another is writing into the shared folder") {
    TemporaryDirectory directory;
    const DiskFiles first(directory.path, DiskFiles::Sharing::with_other_nodes);
    const std::string part = part_of(first, "hello");
    const DiskFiles second(directory.path, DiskFiles::Sharing::with_other_nodes);
    REQUIRE(first.adopt(part));
    CHECK(second.find(hash_of_hello));
}

TEST_CASE("what one node stored on S3 another node fetches, once") {
    const S3Server server;
    TemporaryDirectory here, there;
    const S3Files first(address_of(server), keys_of(server), here.path);
    const S3Files second(address_of(server), keys_of(server), there.path);
    REQUIRE(first.adopt(part_of(first, "hello")));
    CHECK_FALSE(second.find(hash_of_hello));
    const auto path = second.fetch(hash_of_hello);
    REQUIRE(path);
    CHECK(bytes_of(*path) == "hello");
    REQUIRE(second.fetch(hash_of_hello));
    CHECK(server.count("GET", 200) == 1);
    REQUIRE(second.adopt(part_of(second, "hello")));
    CHECK(server.count("PUT", 200) == 1);  // the same bytes are one object
}

// Contents whose hashes begin with the same two letters as that of "hello".
std::vector<std::string> of_one_group(std::size_t count) {
    std::vector<std::string> out;
    for (int i = 0; out.size() < count; ++i) {
        const std::string bytes = std::to_string(i);
        if (const Sha256 hash = sha256(bytes); hash[0] == 0x2c) out.push_back(bytes);
    }
    return out;
}

TEST_CASE("a list of S3 that comes in several answers is read to its end") {
    const S3Server server;
    TemporaryDirectory directory;
    const S3Files files(address_of(server), keys_of(server), directory.path);
    std::set<std::string> stored;
    for (const std::string& bytes : of_one_group(5))
        stored.insert(files.adopt(part_of(files, bytes))->sha256);
    const S3Client client(address_of(server), keys_of(server));
    const auto listed = client.list("2c", 2);
    REQUIRE(listed);
    CHECK(listed->size() == 5);
    CHECK(std::set(listed->begin(), listed->end()) == stored);
    CHECK(server.count("GET", 200) == 3);
}

TEST_CASE("the same bytes that come again when their object is old are put again: they are as young as their upload") {
    const S3Server server;
    TemporaryDirectory directory;
    const S3Files files(address_of(server), keys_of(server), directory.path);
    REQUIRE(files.adopt(part_of(files, "hello")));
    server.age_by(3600);
    CHECK(files.remove(hash_of_hello, 2h) == false);
    REQUIRE(files.adopt(part_of(files, "hello")));
    CHECK(server.count("PUT", 200) == 2);
    CHECK(files.remove(hash_of_hello, 60s) == false);
    server.age_by(3600);
    CHECK(files.remove(hash_of_hello, 60s) == true);
}

TEST_CASE("a copy of what another node removed is listed, and goes with the next sweep") {
    const S3Server server;
    TemporaryDirectory here, there;
    const S3Files first(address_of(server), keys_of(server), here.path);
    const S3Files second(address_of(server), keys_of(server), there.path);
    REQUIRE(first.adopt(part_of(first, "hello")));
    REQUIRE(second.fetch(hash_of_hello));
    CHECK(first.remove(hash_of_hello, 0s) == true);
    CHECK(second.stored(0x2c) == std::vector{hash_of_hello});
    CHECK(second.remove(hash_of_hello, 1h) == false);
    CHECK_FALSE(second.find(hash_of_hello));
}

TEST_CASE("a store that is away loses no file to a sweep, and says so") {
    const S3Server server;
    TemporaryDirectory directory;
    const S3Files files(address_of(server), keys_of(server), directory.path);
    REQUIRE(files.adopt(part_of(files, "hello")));
    server.fail_next(503, 100);
    CHECK(files.stored(0x2c).error().kind == ErrorKind::unavailable);
    CHECK(files.remove(hash_of_hello, 0s).error().kind == ErrorKind::unavailable);
    CHECK(files.find(hash_of_hello));
    server.fail_next(503, 0);
    CHECK(files.stored(0x2c) == std::vector{hash_of_hello});
}

TEST_CASE("a copy that another run left is used") {
    const S3Server server;
    TemporaryDirectory directory;
    REQUIRE(S3Files(address_of(server), keys_of(server), directory.path).adopt([&] {
        const std::string part = directory.path / "part";
        std::ofstream(part) << "hello";
        return part;
    }()));
    CHECK(S3Files(address_of(server), keys_of(server), directory.path).find(hash_of_hello));
}

TEST_CASE("copies nobody asked for give way when there are too many, and come again") {
    const S3Server server;
    TemporaryDirectory directory;
    const S3Files files(address_of(server, "&cache_mb=1"), keys_of(server), directory.path);
    const auto old = files.adopt(part_of(files, std::string(700'000, 'a')));
    const auto used = files.adopt(part_of(files, std::string(200'000, 'b')));
    const auto an_hour_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    std::filesystem::last_write_time(*files.find(old->sha256), an_hour_ago);
    const auto fresh = files.adopt(part_of(files, std::string(400'000, 'c')));
    CHECK_FALSE(files.find(old->sha256));
    CHECK(files.find(used->sha256));
    CHECK(files.find(fresh->sha256));
    CHECK(bytes_of(*files.fetch(old->sha256)) == std::string(700'000, 'a'));
}

TEST_CASE("a store that is hurried or broken for a moment is asked again") {
    const S3Server server;
    TemporaryDirectory here, there;
    const S3Files first(address_of(server), keys_of(server), here.path);
    const S3Files second(address_of(server), keys_of(server), there.path);
    server.fail_next(503, 3);  // the question whether it is there, and the first two tries
    CHECK(first.adopt(part_of(first, "hello")));
    server.fail_next(500, 2);
    CHECK(second.fetch(hash_of_hello));
}

TEST_CASE("a store that stays broken is an error that may pass, and the part stays") {
    const S3Server server;
    TemporaryDirectory directory;
    const S3Files files(address_of(server), keys_of(server), directory.path);
    server.fail_next(503, 100);
    const std::string part = part_of(files, "hello");
    const auto stored = files.adopt(part);
    REQUIRE_FALSE(stored);
    CHECK(stored.error().kind == ErrorKind::unavailable);
    CHECK(stored.error().detail.find("does not work now (503, SlowDown)") != std::string::npos);
    CHECK(std::filesystem::exists(part));
    server.fail_next(503, 0);
    CHECK(files.adopt(part));
}

TEST_CASE("wrong keys, a missing bucket and a store that is away are told apart, and no key is said") {
    std::optional<S3Server> server(std::in_place);
    TemporaryDirectory directory;
    const auto adopted = [&](const S3Address& address, const S3Keys& keys) {
        const S3Files files(address, keys, directory.path);
        const Error stored = files.adopt(part_of(files, "hello")).error();
        CHECK(stored.kind == ErrorKind::unavailable);
        CHECK(files.stored(0).error().detail == stored.detail);
        CHECK(stored.detail.find("hush") == std::string::npos);
        CHECK(stored.detail.find(keys.access_key.reveal()) == std::string::npos);
        return stored.detail;
    };
    CHECK(adopted(address_of(*server), {Secret(server->access_key), Secret("hush")})
              .find("refuses the keys (403, SignatureDoesNotMatch): see OKNO_S3_ACCESS_KEY") != std::string::npos);
    CHECK(adopted(address_of(*server), {Secret("stranger"), Secret("hush")}).find("InvalidAccessKeyId") !=
          std::string::npos);
    S3Address elsewhere = address_of(*server);
    elsewhere.bucket = "nowhere";
    CHECK(adopted(elsewhere, keys_of(*server)).find("has no bucket nowhere") != std::string::npos);
    const S3Address address = address_of(*server);
    const S3Keys keys = keys_of(*server);
    CHECK(S3Files(address, keys, directory.path).stored(0));
    server.reset();
    CHECK(adopted(address, keys).find("cannot be reached") != std::string::npos);
}

TEST_CASE("a server that ends does not wait for a store that is away") {
    const S3Server server;
    TemporaryDirectory directory;
    S3Files files(address_of(server), keys_of(server), directory.path);
    files.stop();
    CHECK(files.fetch(hash_of_hello).error().kind == ErrorKind::unavailable);
}

TEST_CASE("an address of S3 is read with its options, and a wrong one is said in words") {
    const auto address =
        read_s3_address("s3://pictures/of/okno/?endpoint=https://s3.example:9000/&region=eu-1&cache_mb=2");
    REQUIRE(address);
    CHECK(address->url_of("abcd") == "https://s3.example:9000/pictures/of/okno/ab/abcd");
    CHECK(address->region == "eu-1");
    CHECK(address->cache_bytes == 2 << 20);
    CHECK(read_s3_address("s3://b")->url_of("abcd") == "https://s3.us-east-1.amazonaws.com/b/ab/abcd");
    for (const char* wrong :
         {"s3://", "s3:///prefix", "s3://b?endpoint=ftp://x", "s3://b?endpoint=https://", "s3://b?size=1",
          "s3://b/a%20b", "s3://b?cache_mb=much", "s3://b?region=", "s3://b?endpoint=https://x/path"}) {
        CAPTURE(wrong);
        CHECK_FALSE(read_s3_address(wrong));
    }
}

}  // namespace okno::media
