// The written list of places where a person may stand, against the tables there are; and the ledger on disk.
#include "storage/erasure.hpp"

#include "storage/erasures_file.hpp"
#include "storage/sqlite/sqlite_database.hpp"
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>

using namespace okno;
using namespace okno::tests;

TEST_CASE("every table is on the list of an erasure, is erased in another way, or holds nothing of a contact") {
    Ground ground;
    std::set<std::string> known{"kept_replies",
                                "set_aside",  // by what stands in them
                                "workspaces",
                                "users",
                                "memberships",
                                "sessions",
                                "api_tokens",
                                "channel_addresses",
                                "push_subscriptions",
                                "channels",
                                "changes",
                                "poll_cursors",
                                "intake_position",
                                "schema_version",
                                "operations",
                                "spools",
                                "nodes",
                                "partitions",
                                "search_documents",
                                "search_workspaces",  // by the change feed
                                "intake"};            // deleted when it is applied
    for (const storage::ErasurePlace& place : storage::erasure_places())
        known.insert(place.table);
    const std::unique_ptr<storage::Sql> sql = ground.open_sql();
    for (const std::string& table : Ground::tables(*sql))
        CHECK_MESSAGE(known.contains(table), "src/storage/erasure.cpp says nothing of the table ", table);
}

namespace {

struct Ledger {
    TemporaryDirectory directory;
    std::filesystem::path file = directory.path / "erasures.log";
    storage::ErasuresFile ledger{file, SealingKey{}};
    Erasure line{from_millis(1'795'000'000'123), make_id<WorkspaceId>(), make_id<ContactId>(), {"ab", "cd"}};
};

}  // namespace

TEST_CASE("a line of the ledger reads back as it was written") {
    Ledger ground;
    CHECK(storage::ErasuresFile::read(ground.file).empty());
    ground.ledger.append(ground.line);
    const auto lines = storage::ErasuresFile::read(ground.file);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].time == ground.line.time);
    CHECK(lines[0].workspace == ground.line.workspace);
    CHECK(lines[0].contact == ground.line.contact);
    CHECK(lines[0].addresses == ground.line.addresses);
}

TEST_CASE("a line that a power cut left unfinished is left out, and the next one begins behind it") {
    Ledger ground;
    ground.ledger.append(ground.line);
    std::ofstream(ground.file, std::ios::app) << R"({"time":"2026-01-0)";
    CHECK(storage::ErasuresFile::read(ground.file).size() == 1);
    ground.ledger.append(ground.line);
    CHECK(storage::ErasuresFile::read(ground.file).size() == 2);
}

TEST_CASE("a file that is no ledger is refused, so that nobody believes that all erasures were repeated") {
    Ledger ground;
    ground.ledger.append(ground.line);
    std::ofstream(ground.file, std::ios::app) << "something else\n";
    CHECK_THROWS_WITH_AS(storage::ErasuresFile::read(ground.file), doctest::Contains("line 2"), std::runtime_error);
}

TEST_CASE("another key gives other hashes, as does another channel") {
    Ledger ground;
    SealingKey other;
    other.bytes[0] = 1;
    const StoredAddress address{make_id<ChannelId>(), "phone", "79161234567", short_hash("79161234567")};
    StoredAddress elsewhere = address;
    elsewhere.channel = make_id<ChannelId>();
    CHECK(ground.ledger.keyed(address) != storage::ErasuresFile(ground.file, other).keyed(address));
    CHECK(ground.ledger.keyed(address) != ground.ledger.keyed(elsewhere));
}
