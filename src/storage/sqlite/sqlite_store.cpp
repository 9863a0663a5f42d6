#include "storage/sqlite/sqlite_store.hpp"

#include "base/crash_point.hpp"
#include "base/thread.hpp"
#include "storage/bounded_queue.hpp"
#include "storage/migrations/migrations.hpp"
#include "storage/sql_session.hpp"
#include "storage/sqlite/checkpointer.hpp"
#include "storage/sqlite/fault_watch.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

namespace okno::storage {

namespace {

constexpr std::size_t queue_limit = 4096;
constexpr std::size_t group_limit = 512;
constexpr int reader_count = 2;

constexpr auto longest_read = std::chrono::seconds{2};

struct Task {
    Store::Work work;
    Store::Done done;
};

struct Reader {
    explicit Reader(const std::filesystem::path& file) : connection(file, SqliteDatabase::Mode::read, 8 * 1024) {}

    using Moment = std::chrono::steady_clock::time_point;
    SqliteDatabase connection;
    std::atomic<Moment> reads_since{Moment::max()};  // max: idle
    std::thread thread;
};

// The writer's connection with the tables in place, before anybody else opens the file.
std::unique_ptr<SqliteDatabase> open_migrated(const std::filesystem::path& file) {
    auto database = std::make_unique<SqliteDatabase>(file, SqliteDatabase::Mode::write, 64 * 1024);
    migrate(*database, migrations(), [&](std::int64_t version) {
        database->copy_to(file.parent_path() / ("okno-before-" + std::to_string(version + 1) + ".db"));
    });
    return database;
}

}  // namespace

struct SqliteStore::State {
    State(const std::filesystem::path& path, SealingKey sealing_key, Committed on_commit)
        : key(sealing_key),
          committed(std::move(on_commit)),
          database(open_migrated(path)),
          watch(path.filename().string()) {
        if (!opens_credentials(*database, key))
            throw std::runtime_error((path.parent_path() / "secret.key").string() +
                                     " is not the key that sealed the credentials in " + path.string() +
                                     ": put back the file that belongs to this data directory.");
        for (int i = 0; i < reader_count; ++i)
            readers.push_back(std::make_unique<Reader>(path));
        checkpointer = std::make_unique<Checkpointer>(path, [this] { end_old_reads(); });
        writer = start_thread("store", [this] { write_loop(); });
        for (const auto& reader : readers)
            reader->thread = start_thread("store-read", [this, one = reader.get()] { read_loop(*one); });
    }

    ~State() {
        writes.close();
        reads.close();
        writer.join();
        for (const auto& reader : readers)
            reader->thread.join();
    }

    void write_loop() {
        for (auto group = writes.take(group_limit); !group.empty(); group = writes.take(group_limit))
            commit(group);
    }

    // One COMMIT for the group. A closure that throws fails alone; when the ground gives way they all fail.
    void commit(std::vector<Task>& group) {
        std::vector<std::exception_ptr> outcomes(group.size());
        std::vector<WorkspaceId> changed;
        try {
            database->script("BEGIN IMMEDIATE");
            if (!run_together(group, changed)) {
                database->script("ROLLBACK; BEGIN IMMEDIATE");
                run_apart(group, outcomes, changed);
            }
            crash_point();
            database->script("COMMIT");
            crash_point();
            watch.works();
        } catch (...) {
            database->roll_back();
            changed.clear();
            std::ranges::fill(outcomes, watch.fails());
        }
        if (!changed.empty() && committed) committed(changed);
        for (std::size_t i = 0; i < group.size(); ++i)
            group[i].done(outcomes[i]);
        checkpointer->committed(*database);
    }

    // False: one threw, and nothing of the group is to stay. Without savepoints, whose journal is half of the
    // writer's work in a large group: closures seldom throw, and are made to be run again.
    bool run_together(const std::vector<Task>& group, std::vector<WorkspaceId>& changed) {
        try {
            SqlSession session(*database, key);
            for (const Task& task : group)
                task.work(session);
            changed = session.number_changes();
            return true;
        } catch (const SqlUnavailable&) {
            throw;
        } catch (...) {
            return false;
        }
    }

    void run_apart(const std::vector<Task>& group, std::vector<std::exception_ptr>& outcomes,
                   std::vector<WorkspaceId>& changed) {
        SqlSession session(*database, key);
        for (std::size_t i = 0; i < group.size(); ++i) {
            try {
                session.run_alone(group[i].work);
            } catch (const SqlUnavailable&) {
                throw;
            } catch (...) {
                outcomes[i] = std::current_exception();
            }
        }
        changed = session.number_changes();
    }

    void read_loop(Reader& reader) {
        for (auto tasks = reads.take(1); !tasks.empty(); tasks = reads.take(1)) {
            std::exception_ptr outcome;
            reader.reads_since = std::chrono::steady_clock::now();
            try {
                reader.connection.script("BEGIN");  // one snapshot for the whole closure
                SqlSession session(reader.connection, key);
                tasks.front().work(session);
            } catch (...) {
                outcome = as_told();
            }
            try {
                reader.connection.script("ROLLBACK");
            } catch (const SqlError&) {
                if (!outcome) outcome = as_told();
            }
            reader.reads_since = Reader::Moment::max();
            tasks.front().done(outcome);
        }
    }

    // The log cannot shrink while a snapshot needs it: who reads for long is answered "try again".
    void end_old_reads() {
        const auto now = std::chrono::steady_clock::now();
        for (const auto& reader : readers)
            if (reader->reads_since.load() < now - longest_read) reader->connection.interrupt();
    }

    const SealingKey key;
    const Committed committed;
    std::unique_ptr<SqliteDatabase> database;
    std::vector<std::unique_ptr<Reader>> readers;
    FaultWatch watch;
    std::unique_ptr<Checkpointer> checkpointer;
    BoundedQueue<Task> writes{queue_limit};
    BoundedQueue<Task> reads{queue_limit};
    std::thread writer;
};

SqliteStore::SqliteStore(const std::filesystem::path& file, SealingKey key, Committed committed)
    : state_(std::make_unique<State>(file, key, std::move(committed))) {}

SqliteStore::~SqliteStore() = default;

void SqliteStore::write(Work work, Done done) {
    Task task{std::move(work), std::move(done)};
    if (!state_->writes.push(task)) task.done(std::make_exception_ptr(StoreBusy{}));
}

void SqliteStore::write_later(Work work, Done done) {
    Task task{std::move(work), std::move(done)};
    if (!state_->writes.push_later(task)) task.done(std::make_exception_ptr(StoreBusy{}));
}

void SqliteStore::read(Work work, Done done) {
    Task task{std::move(work), std::move(done)};
    if (!state_->reads.push(task)) task.done(std::make_exception_ptr(StoreBusy{}));
}

}  // namespace okno::storage
