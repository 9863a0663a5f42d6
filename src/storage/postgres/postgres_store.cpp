#include "storage/postgres/postgres_store.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"
#include "storage/bounded_queue.hpp"
#include "storage/migrations/migrations.hpp"
#include "storage/postgres/commit.hpp"
#include "storage/postgres/statistics.hpp"
#include "storage/sql_session.hpp"
#include "storage/told.hpp"

#include <atomic>
#include <thread>

namespace okno::storage {

namespace {

constexpr std::size_t queue_limit = 4096;
constexpr int writer_count = 3;
constexpr int reader_count = 4;

struct Task {
    Store::Work work;
    Store::Done done;
};
using Queue = BoundedQueue<Task>;

void put(Queue& queue, Store::Work work, Store::Done done) {
    Task task{std::move(work), std::move(done)};
    if (!queue.push(task)) task.done(std::make_exception_ptr(StoreBusy{}));
}

}  // namespace

struct PostgresStore::State {
    State(Connector& from, SealingKey sealing_key, const Ownership& owner, Committed on_commit)
        : connector(from), key(sealing_key), ownership(owner), committed(std::move(on_commit)) {
        auto database = connector.connect();
        migrate(*database, migrations(), [](std::int64_t) {});
        if (!opens_credentials(*database, key))
            throw std::runtime_error(
                "secret.key is not the key that sealed the credentials in the database: every node needs the same "
                "one.");
        for (int i = 0; i < writer_count; ++i)
            threads.push_back(
                start_thread("store", [this] { serve(writes, [this](auto& c, Task& t) { write(c, t); }); }));
        threads.push_back(
            start_thread("store-later", [this] { serve(later, [this](auto& c, Task& t) { write_later(c, t); }); }));
        for (int i = 0; i < reader_count; ++i)
            threads.push_back(
                start_thread("store-read", [this] { serve(reads, [this](auto& c, Task& t) { read(c, t); }); }));
    }

    ~State() {
        is_stopping = true;
        for (Queue* queue : {&writes, &later, &reads})
            queue->close();
        for (std::thread& thread : threads)
            thread.join();
    }

    template <typename Run>
    void serve(Queue& queue, Run run) {
        std::unique_ptr<PostgresDatabase> connection;
        for (auto tasks = queue.take(1); !tasks.empty(); tasks = queue.take(1))
            run(connection, tasks.front());
    }

    void write(std::unique_ptr<PostgresDatabase>& connection, Task& task) {
        std::exception_ptr outcome;
        std::vector<WorkspaceId> changed;
        try {
            commit_once(
                connector, connection,
                [&](PostgresDatabase& database) {
                    SqlSession session(database, key, &ownership);
                    session.run(task.work);
                    const WorkspaceId workspace = session.changed_workspace();
                    changed = session.number_changes();
                    return workspace;
                },
                [this] { return is_stopping.load(); });
        } catch (...) {
            changed.clear();
            outcome = as_told();
        }
        if (!changed.empty() && committed) committed(changed);
        task.done(outcome);
    }

    void write_later(std::unique_ptr<PostgresDatabase>& connection, Task& task) {
        write(connection, task);
        try {
            if (connection) statistics.refresh(*connection);
        } catch (const SqlError& reason) {  // looked at again; meanwhile the server's own care has to do
            log(LogLevel::warning, "tables could not be analysed", {{"reason", reason.what()}});
            connection.reset();
        }
    }

    // One snapshot for the whole closure; a connection that was lost since its last use is replaced once.
    void read(std::unique_ptr<PostgresDatabase>& connection, Task& task) {
        std::exception_ptr outcome;
        for (int losses = 0; losses < 2; ++losses) {
            outcome = nullptr;
            try {
                PostgresDatabase& database = connector.use(connection);
                database.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
                SqlSession session(database, key, &ownership);
                session.run(task.work);
                database.commit();
                break;
            } catch (const SqlLost&) {
                outcome = as_told();
                connection.reset();
            } catch (...) {
                outcome = as_told();
                if (connection) connection->roll_back();
                break;
            }
        }
        task.done(outcome);
    }

    Connector& connector;
    const SealingKey key;
    const Ownership& ownership;
    const Committed committed;
    std::atomic<bool> is_stopping = false;
    Queue writes{queue_limit};
    Queue later{queue_limit};
    Queue reads{queue_limit};
    Statistics statistics;  // of the thread that writes later
    std::vector<std::thread> threads;
};

PostgresStore::PostgresStore(Connector& connector, SealingKey key, const Ownership& ownership, Committed committed)
    : state_(std::make_unique<State>(connector, key, ownership, std::move(committed))) {}

PostgresStore::~PostgresStore() = default;

void PostgresStore::write(Work work, Done done) { put(state_->writes, std::move(work), std::move(done)); }

void PostgresStore::write_later(Work work, Done done) { put(state_->later, std::move(work), std::move(done)); }

void PostgresStore::read(Work work, Done done) { put(state_->reads, std::move(work), std::move(done)); }

}  // namespace okno::storage
