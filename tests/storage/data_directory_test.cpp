// The files of a data directory: intake, lock, key, reopening.
#include "support/storage_fixture.hpp"

#include "storage/migrations/migrations.hpp"
#include "storage/secret_key.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

using namespace okno;
using namespace okno::tests;
namespace fs = std::filesystem;

static std::string contents(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("SQLite is newer than the write-ahead log's reset race") { CHECK(sqlite3_libversion_number() >= 3'051'003); }

TEST_CASE("a raw webhook is on disk, byte for byte, once it is acknowledged") {
    TemporaryDirectory directory;
    const std::string bytes("{\"a\":\"\xff\0\"}", 10);
    {
        const storage::Storage storage = storage::open_storage({directory.path});
        append(*storage.intake, {0, make_id<ChannelId>(), from_millis(1'795'000'000'000), "sha256=ab", bytes});
    }
    const storage::Storage storage = storage::open_storage({directory.path});
    const auto rows = storage.intake->waiting(10);
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().bytes == bytes);
    CHECK(rows.front().proof == "sha256=ab");
}

// How many rows the file holds, applied or not.
static std::int64_t rows_on_disk(const fs::path& directory) {
    storage::SqliteDatabase file(directory / "intake.db", storage::SqliteDatabase::Mode::read, 1024);
    return file.first("SELECT count(*) FROM webhooks", [](const storage::Row& row) { return row.integer(0); }).value();
}

TEST_CASE("a number of the intake is never given twice, also after pruning") {
    TemporaryDirectory directory;
    const storage::Storage storage = storage::open_storage({directory.path});
    const Timestamp now = from_millis(1'795'000'000'000);
    append(*storage.intake, {0, make_id<ChannelId>(), now, "", "one"});
    mark_applied(storage, storage.intake->waiting(10));
    storage.intake->prune(now + 1s);
    while (rows_on_disk(directory.path) > 0)
        std::this_thread::yield();
    append(*storage.intake, {0, make_id<ChannelId>(), now, "", "two"});
    const auto rows = storage.intake->waiting(10);
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().number == 2);
}

TEST_CASE("what is not yet applied survives pruning") {
    TemporaryDirectory directory;
    {
        const storage::Storage storage = storage::open_storage({directory.path});
        const Timestamp now = from_millis(1'795'000'000'000);
        append(*storage.intake, {0, make_id<ChannelId>(), now, "", "one"});
        storage.intake->prune(now + 48h);
        append(*storage.intake, {0, make_id<ChannelId>(), now, "", "two"});
    }
    CHECK(storage::open_storage({directory.path}).intake->waiting(10).size() == 2);
}

TEST_CASE("what was applied does not wait after a restart, and a replaced intake file is read from its beginning") {
    TemporaryDirectory directory;
    const Timestamp now = from_millis(1'795'000'000'000);
    {
        const storage::Storage storage = storage::open_storage({directory.path});
        append(*storage.intake, {0, make_id<ChannelId>(), now, "", "one"});
        mark_applied(storage, storage.intake->waiting(10));
    }
    CHECK(storage::open_storage({directory.path}).intake->waiting(10).empty());
    for (const char* name : {"intake.db", "intake.db-wal", "intake.db-shm"})
        fs::remove(directory.path / name);
    const storage::Storage storage = storage::open_storage({directory.path});
    append(*storage.intake, {0, make_id<ChannelId>(), now, "", "of the new file"});
    CHECK(storage.intake->waiting(10).size() == 1);
}

TEST_CASE("a second server on the same directory is told what to do") {
    TemporaryDirectory directory;
    const storage::Storage storage = storage::open_storage({directory.path});
    CHECK_THROWS_WITH_AS(storage::open_storage({directory.path}), doctest::Contains("in use by another Okno"),
                         std::runtime_error);
}

TEST_CASE("a directory that cannot be made is named in the error") {
    TemporaryDirectory directory;
    std::ofstream(directory.path / "file") << "not a directory";
    CHECK_THROWS_WITH_AS(storage::open_storage({directory.path / "file" / "data"}),
                         doctest::Contains("cannot be made or written"), std::runtime_error);
}

TEST_CASE("credentials are unreadable in the file and readable with the key") {
    TemporaryDirectory directory;
    WorkspaceId workspace;
    Channel channel;
    {
        const storage::Storage storage = storage::open_storage({directory.path});
        write(*storage.store, [&](StoreSession& session) {
            workspace = session.make_workspace("Yasno", from_millis(0));
            channel = a_channel(workspace, "1");
            session.in(workspace).insert_channel(channel);
        });
    }
    CHECK(contents(directory.path / "okno.db").find("EAAG-token") == std::string::npos);
    CHECK(contents(directory.path / "okno.db-wal").find("EAAG-token") == std::string::npos);
    const storage::Storage storage = storage::open_storage({directory.path});
    const auto found = read(*storage.store, [&](StoreSession& s) { return s.in(workspace).channel(channel.id); });
    REQUIRE(found);
    CHECK(found->credential("access_token").reveal() == "EAAG-token");
}

TEST_CASE("a key of the wrong size is refused, not replaced") {
    TemporaryDirectory directory;
    std::ofstream(directory.path / "secret.key") << "short";
    CHECK_THROWS_WITH_AS(storage::open_storage({directory.path}), doctest::Contains("not a key of 32 bytes"),
                         std::runtime_error);
    CHECK(contents(directory.path / "secret.key") == "short");
}

TEST_CASE("a database of a newer version is refused and left alone") {
    TemporaryDirectory directory;
    {
        const storage::Storage storage = storage::open_storage({directory.path});
    }
    {
        storage::SqliteDatabase database(directory.path / "okno.db", storage::SqliteDatabase::Mode::write, 1024);
        database.exec("UPDATE schema_version SET version = 999");
    }
    CHECK_THROWS_WITH_AS(storage::open_storage({directory.path}), doctest::Contains("written by a newer Okno"),
                         std::runtime_error);
}

TEST_CASE("every commit that changed something names its workspace") {
    TemporaryDirectory directory;
    std::vector<WorkspaceId> told;
    {
        const storage::Storage storage = storage::open_storage(
            {.directory = directory.path, .committed = [&](const std::vector<WorkspaceId>& changed) {
                 told.insert(told.end(), changed.begin(), changed.end());
             }});
        const auto workspace =
            write(*storage.store, [](StoreSession& s) { return s.make_workspace("Yasno", from_millis(0)); });
        CHECK(told.empty());
        write(*storage.store,
              [&](StoreSession& session) { session.in(workspace).note_change("message", make_uuid()); });
        CHECK(told == std::vector{workspace});
    }
}

TEST_CASE("a key that did not seal the credentials is refused, so that nothing is sealed anew with nothing in it") {
    TemporaryDirectory directory;
    {
        const storage::Storage storage = storage::open_storage({directory.path});
        write(*storage.store, [&](StoreSession& session) {
            const auto workspace = session.make_workspace("Yasno", from_millis(0));
            session.in(workspace).insert_channel(a_channel(workspace, "1"));
        });
    }
    std::ofstream(directory.path / "secret.key") << "another key of thirty-two bytes!";
    CHECK_THROWS_WITH_AS(storage::open_storage({directory.path}), doctest::Contains("is not the key that sealed"),
                         std::runtime_error);
    fs::remove(directory.path / "secret.key");
    CHECK_THROWS_WITH_AS(storage::open_storage({directory.path}), doctest::Contains("secret.key is missing"),
                         std::runtime_error);
    CHECK(!fs::exists(directory.path / "secret.key"));
}

TEST_CASE("a damaged database is refused in words and left as it is") {
    TemporaryDirectory directory;
    {
        const storage::Storage storage = storage::open_storage({directory.path});
    }
    for (const char* name : {"okno.db-wal", "okno.db-shm"})
        fs::remove(directory.path / name);
    std::ofstream(directory.path / "okno.db") << std::string(8192, 'x');
    CHECK_THROWS_WITH_AS(storage::open_storage({directory.path}), doctest::Contains("is damaged"), std::runtime_error);
    CHECK(contents(directory.path / "okno.db") == std::string(8192, 'x'));
}

TEST_CASE("a database with tables is copied before its tables change, a new one is not") {
    TemporaryDirectory directory;
    storage::SqliteDatabase database(directory.path / "okno.db", storage::SqliteDatabase::Mode::write, 1024);
    const fs::path copy = directory.path / "copy.db";
    std::vector<std::int64_t> backed_up;
    const auto back_up = [&](std::int64_t version) {
        backed_up.push_back(version);
        database.copy_to(copy);
    };
    const std::string_view first = "CREATE TABLE people (id @int8 PRIMARY KEY, name @text NOT NULL);\n";
    storage::migrate(database, {{first}}, back_up);
    CHECK(backed_up.empty());
    database.exec("INSERT INTO people VALUES (1, 'Ann')");
    storage::migrate(database, {{first}, {"DROP TABLE people;\n"}}, back_up);
    CHECK(backed_up == std::vector<std::int64_t>{1});
    storage::SqliteDatabase before(copy, storage::SqliteDatabase::Mode::write, 1024);
    CHECK(before.first("SELECT name FROM people", [](const storage::Row& row) { return row.text(0); }) == "Ann");
    storage::migrate(database, {{first}, {"DROP TABLE people;\n"}}, back_up);
    CHECK(backed_up.size() == 1);
}

TEST_CASE("every table checks the types of its columns") {
    TemporaryDirectory directory;
    {
        const storage::Storage storage = storage::open_storage({directory.path});
    }
    storage::SqliteDatabase database(directory.path / "okno.db", storage::SqliteDatabase::Mode::write, 1024);
    CHECK(
        database.rows("SELECT name FROM pragma_table_list WHERE schema='main' AND strict=0 AND name NOT LIKE 'sqlite%'"
                      " AND name<>'schema_version'",
                      [](const storage::Row& row) { return row.text(0); }) == std::vector<std::string>{});
}

TEST_CASE("the key may come from the environment: then no file is made, and another key is refused") {
    TemporaryDirectory directory;
    const fs::path file = directory.path / "secret.key";
    ::setenv("OKNO_SECRET_KEY", std::string(64, 'a').c_str(), 1);
    {
        const storage::Storage storage = storage::open_storage({directory.path});
    }
    CHECK(!fs::exists(file));
    CHECK(storage::read_key(directory.path).bytes.front() == 0xaa);

    std::ofstream(file, std::ios::binary) << std::string(32, '\xaa');
    CHECK(storage::read_key(directory.path).bytes.front() == 0xaa);
    std::ofstream(file, std::ios::binary) << std::string(32, 'b');
    CHECK_THROWS_WITH(storage::read_key(directory.path), doctest::Contains("two different keys"));

    for (const std::string& wrong : {std::string(63, 'a'), std::string(62, 'a') + "xy", std::string(66, 'a')}) {
        ::setenv("OKNO_SECRET_KEY", wrong.c_str(), 1);
        CHECK_THROWS_WITH(storage::read_key(directory.path), doctest::Contains("is not a key"));
    }
    ::unsetenv("OKNO_SECRET_KEY");
}
