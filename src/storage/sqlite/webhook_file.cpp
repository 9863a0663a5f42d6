#include "storage/sqlite/webhook_file.hpp"

#include "base/crash_point.hpp"
#include "base/crypto.hpp"
#include "base/thread.hpp"
#include "storage/bounded_queue.hpp"
#include "storage/sqlite/checkpointer.hpp"
#include "storage/sqlite/fault_watch.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <mutex>
#include <thread>

namespace okno::storage {

namespace {

constexpr std::size_t queue_limit = 8192;
constexpr std::size_t group_limit = 1024;
constexpr int cache_kib = 2 * 1024;
constexpr std::int64_t most_bytes = 8 << 20;  // of rows read at once
constexpr int pruned_at_once = 500;
constexpr int looked_back = 5000;  // rows; there is no index by channel

struct Task {
    // Either a row to append or, when it is set, something else to do on the writer's connection.
    IntakeRow row;
    std::function<void(Sql&)> other;
    std::function<void(std::exception_ptr)> done;
};

std::unique_ptr<SqliteDatabase> open_tables(const std::filesystem::path& file) {
    auto database = std::make_unique<SqliteDatabase>(file, SqliteDatabase::Mode::write, cache_kib);
    // AUTOINCREMENT: a number is never given twice, also after the newest rows were pruned.
    database->script(
        "CREATE TABLE IF NOT EXISTS webhooks (number INTEGER PRIMARY KEY AUTOINCREMENT, channel_id BLOB NOT NULL,"
        " received_at INTEGER NOT NULL, proof TEXT NOT NULL, raw BLOB NOT NULL) STRICT;"
        "CREATE TABLE IF NOT EXISTS generation (only_row INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;");
    database->exec("INSERT INTO generation (only_row, name) VALUES (1, $1) ON CONFLICT DO NOTHING", random_token(12));
    return database;
}

}  // namespace

struct WebhookFile::State {
    explicit State(const std::filesystem::path& file)
        : database(open_tables(file)),
          checkpointer(file, {}),
          watch(file.filename().string()),
          reader(file, SqliteDatabase::Mode::read, cache_kib) {
        generation = reader.first("SELECT name FROM generation", [](const Row& row) { return row.text(0); }).value();
        writer = start_thread("intake", [this] {
            for (auto group = queue.take(group_limit); !group.empty(); group = queue.take(group_limit))
                commit(group);
        });
    }

    ~State() {
        queue.close();
        writer.join();
    }

    void commit(std::vector<Task>& group) {
        std::exception_ptr outcome;
        try {
            database->script("BEGIN IMMEDIATE");
            for (const Task& task : group) {
                if (task.other)
                    task.other(*database);
                else
                    database->exec("INSERT INTO webhooks (channel_id, received_at, proof, raw) VALUES ($1,$2,$3,$4)",
                                   task.row.channel, task.row.received_at, task.row.proof, Blob{task.row.bytes});
            }
            crash_point();
            database->script("COMMIT");
            crash_point();
            watch.works();
        } catch (const SqlError&) {
            outcome = watch.fails();
            database->roll_back();
        }
        for (const Task& task : group)
            task.done(outcome);
        checkpointer.committed(*database);
    }

    std::unique_ptr<SqliteDatabase> database;
    Checkpointer checkpointer;
    FaultWatch watch;
    std::mutex reading;
    SqliteDatabase reader;
    std::string generation;
    BoundedQueue<Task> queue{queue_limit};
    std::thread writer;
};

WebhookFile::WebhookFile(const std::filesystem::path& file) : state_(std::make_unique<State>(file)) {}

WebhookFile::~WebhookFile() = default;

void WebhookFile::append(IntakeRow row, std::function<void(std::exception_ptr)> done) {
    Task task{std::move(row), {}, std::move(done)};
    if (!state_->queue.push(task)) task.done(std::make_exception_ptr(StoreBusy{}));
}

const std::string& WebhookFile::generation() const { return state_->generation; }

std::vector<IntakeRow> WebhookFile::rows_after(std::int64_t number, int limit) {
    const std::scoped_lock lock(state_->reading);
    // A row may hold 4 MiB: the batch ends at `most_bytes`, with one row at least.
    std::int64_t bytes = 0;
    std::int64_t last = number;
    state_->reader.run("SELECT number, length(raw) FROM webhooks WHERE number>$1 ORDER BY number LIMIT $2",
                       {sql(number), sql(limit)}, [&](const Row& row) {
                           if (bytes < most_bytes) last = row.integer(0);
                           bytes += row.integer(1);
                       });
    return state_->reader.rows(
        "SELECT number, channel_id, received_at, proof, raw FROM webhooks WHERE number>$1 AND number<=$2"
        " ORDER BY number",
        [](const Row& row) {
            return IntakeRow{row.integer(0), ChannelId{row.uuid(1)}, row.time(2), row.text(3), row.bytes(4)};
        },
        number, last);
}

std::vector<IntakeRow> WebhookFile::recent(ChannelId channel, int limit) {
    const std::scoped_lock lock(state_->reading);
    std::int64_t bytes = 0;
    std::vector<IntakeRow> rows = state_->reader.rows(
        "SELECT number, received_at, CASE WHEN length(raw)<=$4 THEN raw ELSE x'' END FROM webhooks WHERE"
        " number>(SELECT max(number) FROM webhooks)-$3 AND channel_id=$1 ORDER BY number DESC LIMIT $2",
        [&](const Row& row) { return IntakeRow{row.integer(0), channel, row.time(1), {}, row.bytes(2), {}}; }, channel,
        limit, looked_back, most_bytes / 64);
    std::erase_if(rows, [&](const IntakeRow& row) {
        bytes += static_cast<std::int64_t>(row.bytes.size());
        return bytes > most_bytes;
    });
    return rows;
}

// A few rows at a time, oldest first, behind the webhooks that wait: acknowledging never waits for a long delete.
void WebhookFile::prune(std::int64_t applied, Timestamp before) {
    auto deleted = std::make_shared<std::int64_t>(0);
    Task task;
    task.other = [applied, before, deleted](Sql& sql) {
        *deleted = sql.exec(
            "DELETE FROM webhooks WHERE number<=$1 AND received_at<$2 AND number<=(SELECT min(number) FROM "
            "webhooks)+$3",
            applied, before, pruned_at_once);
    };
    // Pruning that failed is done by the next one.
    task.done = [this, applied, before, deleted](std::exception_ptr error) {
        if (!error && *deleted > 0) prune(applied, before);
    };
    state_->queue.push_later(task);
}

}  // namespace okno::storage
