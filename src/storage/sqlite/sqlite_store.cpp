#include "storage/sqlite/sqlite_store.hpp"

#include "base/crash_point.hpp"
#include "storage/bounded_queue.hpp"
#include "storage/migrations/migrations.hpp"
#include "storage/sql_session.hpp"
#include "storage/sqlite/checkpointer.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <algorithm>
#include <thread>

namespace okno::storage {

namespace {

constexpr std::size_t queue_limit = 4096;
constexpr std::size_t group_limit = 512;
constexpr int reader_count = 2;

struct Task {
    Store::Work work;
    Store::Done done;
};

// The writer's connection with the tables in place, before anybody else opens the file.
std::unique_ptr<SqliteDatabase> open_migrated(const std::filesystem::path& file) {
    auto database = std::make_unique<SqliteDatabase>(file, SqliteDatabase::Mode::write, 64 * 1024);
    migrate(*database);
    return database;
}

}  // namespace

struct SqliteStore::State {
    State(const std::filesystem::path& path, SealingKey sealing_key, Committed on_commit)
        : file(path),
          key(sealing_key),
          committed(std::move(on_commit)),
          database(open_migrated(path)),
          checkpointer(path) {
        writer = std::thread([this] { write_loop(); });
        for (int i = 0; i < reader_count; ++i)
            readers.emplace_back([this] { read_loop(); });
    }

    ~State() {
        writes.close();
        reads.close();
        writer.join();
        for (std::thread& reader : readers)
            reader.join();
    }

    void write_loop() {
        for (auto group = writes.take(group_limit); !group.empty(); group = writes.take(group_limit))
            commit(group);
    }

    // One COMMIT for the group. A closure that throws fails alone; a COMMIT that fails fails them all.
    void commit(std::vector<Task>& group) {
        std::vector<std::exception_ptr> outcomes(group.size());
        std::vector<WorkspaceId> changed;
        try {
            database->script("BEGIN IMMEDIATE");
            SqlSession session(*database, key);
            for (std::size_t i = 0; i < group.size(); ++i) {
                try {
                    session.run_alone(group[i].work);
                } catch (...) {
                    outcomes[i] = std::current_exception();
                }
            }
            changed = session.number_changes();
            crash_point();
            database->script("COMMIT");
            crash_point();
        } catch (...) {
            roll_back();
            changed.clear();
            std::ranges::fill(outcomes, std::current_exception());
        }
        checkpointer.committed();
        if (!changed.empty() && committed) committed(changed);
        for (std::size_t i = 0; i < group.size(); ++i)
            group[i].done(outcomes[i]);
    }

    void roll_back() {
        try {
            database->script("ROLLBACK");
        } catch (const SqlError&) {  // SQLite had rolled back by itself, as on a full disk
            return;
        }
    }

    void read_loop() {
        SqliteDatabase connection(file, SqliteDatabase::Mode::read, 8 * 1024);
        for (auto tasks = reads.take(1); !tasks.empty(); tasks = reads.take(1)) {
            std::exception_ptr outcome;
            try {
                connection.script("BEGIN");  // one snapshot for the whole closure
                SqlSession session(connection, key);
                tasks.front().work(session);
            } catch (...) {
                outcome = std::current_exception();
            }
            try {
                connection.script("ROLLBACK");
            } catch (const SqlError&) {
                if (!outcome) outcome = std::current_exception();
            }
            tasks.front().done(outcome);
        }
    }

    const std::filesystem::path file;
    const SealingKey key;
    const Committed committed;
    std::unique_ptr<SqliteDatabase> database;
    Checkpointer checkpointer;
    BoundedQueue<Task> writes{queue_limit};
    BoundedQueue<Task> reads{queue_limit};
    std::thread writer;
    std::vector<std::thread> readers;
};

SqliteStore::SqliteStore(const std::filesystem::path& file, SealingKey key, Committed committed)
    : state_(std::make_unique<State>(file, key, std::move(committed))) {}

SqliteStore::~SqliteStore() = default;

void SqliteStore::write(Work work, Done done) {
    Task task{std::move(work), std::move(done)};
    if (!state_->writes.push(task)) task.done(std::make_exception_ptr(StoreBusy{}));
}

void SqliteStore::read(Work work, Done done) {
    Task task{std::move(work), std::move(done)};
    if (!state_->reads.push(task)) task.done(std::make_exception_ptr(StoreBusy{}));
}

}  // namespace okno::storage
