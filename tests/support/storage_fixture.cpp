#include "support/storage_fixture.hpp"

#include "domain/partition.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <atomic>
#include <cstdlib>
#include <thread>

#include <unistd.h>

namespace okno::tests {

static std::string server_url() {
    const char* url = std::getenv("OKNO_TEST_POSTGRES");
    return url != nullptr ? url : "";
}

// The first database is migrated and is the template of the others.
TestDatabase::TestDatabase() {
    static std::atomic<int> count = 0;
    const std::string server = server_url();
    if (server.empty()) return;
    static const std::string prefix = "okno_" + std::to_string(::getpid()) + "_";
    static const std::string made_template = [&] {
        const std::string name = prefix + "template";
        storage::PostgresDatabase(server + "/postgres").script("CREATE DATABASE " + name);
        const TemporaryDirectory directory;
        const storage::Storage storage =
            storage::open_storage({.directory = directory.path, .database = server + "/" + name});
        return name;
    }();
    const std::string name = prefix + std::to_string(++count);
    storage::PostgresDatabase(server + "/postgres")
        .script("CREATE DATABASE " + name + " TEMPLATE " + made_template + " STRATEGY FILE_COPY");
    url = server + "/" + name;
}

TestDatabase::~TestDatabase() {
    if (url.empty()) return;
    const std::string name = url.substr(url.rfind('/') + 1);
    storage::PostgresDatabase(server_url() + "/postgres").script("DROP DATABASE " + name + " WITH (FORCE)");
}

bool on_postgres() { return !server_url().empty(); }

std::unique_ptr<storage::Sql> Ground::open_sql() const {
    if (on_postgres()) return std::make_unique<storage::PostgresDatabase>(database.url);
    return std::make_unique<storage::SqliteDatabase>(directory.path / "okno.db", storage::SqliteDatabase::Mode::read,
                                                     1024);
}

std::vector<std::string> Ground::tables(storage::Sql& sql) {
    return sql.rows(on_postgres() ? "SELECT tablename::text FROM pg_tables WHERE schemaname='public'"
                                  : "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite%'",
                    [](const storage::Row& row) { return row.text(0); });
}

std::string TestDatabase::by_port(std::uint16_t port) const {
    const std::size_t slash = url.rfind('/');
    return url.substr(0, url.rfind(':')) + ":" + std::to_string(port) + url.substr(slash);
}

storage::Storage open_whole(const std::filesystem::path& directory, const std::string& url) {
    storage::Storage storage = storage::open_storage({.directory = directory, .database = url});
    if (!storage.leases) return storage;
    storage.leases->start({}, {});
    while (!storage.leases->epoch_of(partition_count - 1))
        std::this_thread::yield();
    return storage;
}

}  // namespace okno::tests
