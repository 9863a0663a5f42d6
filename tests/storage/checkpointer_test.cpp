// What becomes of the write-ahead log.
#include "storage/sqlite/checkpointer.hpp"

#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace okno;
using namespace okno::tests;
using storage::SqliteDatabase;
namespace fs = std::filesystem;

namespace {

struct Busy {
    TemporaryDirectory directory;
    fs::path file = directory.path / "busy.db";
    SqliteDatabase writer{file, SqliteDatabase::Mode::write, 1024};

    Busy() { writer.script("CREATE TABLE pieces (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT"); }

    void commit(std::int64_t number) {
        writer.exec(
            "INSERT INTO pieces (number, bytes) VALUES ($1, randomblob(60000)) ON CONFLICT (number) DO UPDATE"
            " SET bytes = excluded.bytes",
            number % 40);
    }
    std::uintmax_t log_size() const { return fs::file_size(file.string() + "-wal"); }
};

// A read that sees the file as it was when it was made.
struct Read {
    SqliteDatabase database;

    explicit Read(const fs::path& file) : database(file, SqliteDatabase::Mode::read, 1024) {
        database.script("BEGIN; SELECT count(*) FROM pieces");
    }
};

}  // namespace

TEST_CASE("the log begins anew when nobody reads what was there before, else it goes on and nothing is lost") {
    Busy busy;
    busy.commit(1);
    {
        const Read before(busy.file);
        busy.commit(2);
        CHECK(busy.writer.checkpoint_and_restart(1ms).unmoved > 0);
        const auto size = busy.log_size();
        busy.commit(3);
        CHECK(busy.log_size() > size);
    }
    CHECK(busy.writer.checkpoint_and_restart(1ms).unmoved == 0);
    const auto size = busy.log_size();
    busy.commit(4);
    CHECK(busy.log_size() == size);
    CHECK(busy.writer.first("SELECT count(*) FROM pieces", [](const storage::Row& row) { return row.integer(0); }) ==
          4);
}

TEST_CASE("the log of a writer that never pauses, beside reads that overlap, does not grow without an end") {
    Busy busy;
    storage::Checkpointer checkpointer(busy.file, {}, 1 << 20);
    std::mutex mutex;
    std::condition_variable committed;
    // One is always there when a commit begins: by itself the log would never begin anew.
    const std::jthread reads([&](const std::stop_token& stop) {
        for (auto older = std::make_unique<Read>(busy.file); !stop.stop_requested();) {
            auto newer = std::make_unique<Read>(busy.file);
            std::unique_lock lock(mutex);
            committed.wait_for(lock, 2ms);
            older = std::move(newer);
        }
    });
    std::uintmax_t largest = 0;
    for (std::int64_t i = 0; i < 1500; ++i) {
        busy.commit(i);
        checkpointer.committed(busy.writer);
        committed.notify_one();
        largest = std::max(largest, busy.log_size());
    }
    CHECK(largest < std::uintmax_t{60} << 20);
}
