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
#include <span>
#include <thread>

namespace okno::storage {

namespace {

constexpr std::size_t queue_limit = 4096;
constexpr std::size_t group_limit = 64;
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
            threads.push_back(start_thread(
                "store", [this] { serve(writes, group_limit, [this](auto& c, auto& group) { write(c, group); }); }));
        threads.push_back(start_thread(
            "store-later", [this] { serve(later, 1, [this](auto& c, auto& group) { write_later(c, group); }); }));
        for (int i = 0; i < reader_count; ++i)
            threads.push_back(start_thread(
                "store-read", [this] { serve(reads, 1, [this](auto& c, auto& group) { read(c, group.front()); }); }));
    }

    ~State() {
        is_stopping = true;
        for (Queue* queue : {&writes, &later, &reads})
            queue->close();
        for (std::thread& thread : threads)
            thread.join();
    }

    template <typename Run>
    void serve(Queue& queue, std::size_t most, Run run) {
        std::unique_ptr<PostgresDatabase> connection;
        for (auto tasks = queue.take(most); !tasks.empty(); tasks = queue.take(most))
            run(connection, tasks);
    }

    // One commit for what waits: the row of the workspace's counter is held until the disk has it, so commits of a
    // workspace go one after the other. A closure that throws fails alone.
    void write(std::unique_ptr<PostgresDatabase>& connection, std::vector<Task>& group) {
        if (group.size() > 1 && commit(connection, group, commit_if_easy)) return;
        for (Task& task : group)
            commit(connection, {&task, 1}, commit_once);
    }

    // False: one of several threw, or met another writer, and nothing of them stays.
    bool commit(std::unique_ptr<PostgresDatabase>& connection, std::span<Task> tasks, decltype(commit_once)& by) {
        std::exception_ptr outcome;
        std::vector<WorkspaceId> changed;
        try {
            by(
                connector, connection,
                [&](PostgresDatabase& database) {
                    SqlSession session(database, key, &ownership);
                    for (const Task& task : tasks)
                        session.run(task.work);
                    return number(session, changed);
                },
                [this] { return is_stopping.load(); });
        } catch (const SqlUnavailable&) {
            outcome = as_told();
        } catch (...) {
            if (tasks.size() > 1) return false;
            outcome = as_told();
        }
        if (outcome) changed.clear();
        tell(changed);
        for (Task& task : tasks)
            task.done(outcome);
        return true;
    }

    // The last step before COMMIT.
    static WorkspaceId number(SqlSession& session, std::vector<WorkspaceId>& changed) {
        const WorkspaceId first = session.changed_workspace();
        changed = session.number_changes();
        return first;
    }

    void tell(const std::vector<WorkspaceId>& changed) {
        if (!changed.empty() && committed) committed(changed);
    }

    void write_later(std::unique_ptr<PostgresDatabase>& connection, std::vector<Task>& group) {
        write(connection, group);
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
                database.begin_reading();
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
