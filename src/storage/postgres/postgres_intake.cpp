#include "storage/postgres/postgres_intake.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"
#include "domain/partition.hpp"
#include "storage/bounded_queue.hpp"
#include "storage/postgres/commit.hpp"
#include "storage/postgres/recent_webhooks.hpp"
#include "storage/sql_session.hpp"
#include "storage/told.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace okno::storage {

namespace {

constexpr std::size_t queue_limit = 8192;
constexpr std::size_t group_limit = 1024;
constexpr int delivered_at_once = 500;
constexpr std::int64_t most_bytes = 8 << 20;  // of rows read at once
constexpr auto look_every = std::chrono::milliseconds{500};

struct Task {
    IntakeRow row;
    std::function<void(std::exception_ptr)> done;
};

void insert(PostgresDatabase& database, const std::vector<const IntakeRow*>& rows) {
    Columns columns(6);
    for (const IntakeRow* row : rows) {
        columns[0].push_back(sql(row->workspace));
        columns[1].push_back(sql(row->channel));
        columns[2].push_back(sql(partition_of(row->channel)));
        columns[3].push_back(sql(row->received_at));
        columns[4].push_back(sql(row->proof));
        columns[5].push_back(Blob{row->bytes});
    }
    database.run_batch(
        "INSERT INTO intake (workspace_id, channel_id, partition, received_at, proof, raw)"
        " SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int8[], $4::int8[], $5::text[], $6::bytea[])",
        columns, {});
}

}  // namespace

struct PostgresIntake::State {
    State(Connector& from, const Ownership& owner, const std::filesystem::path& file, std::function<void()> tell)
        : connector(from), ownership(owner), arrived(std::move(tell)), spool(file) {
        auto connection = connector.connect();
        is_spooling = !spool.rows_after(delivered(*connection), 1).empty();
        writer = start_thread("intake", [this] { write_loop(); });
        deliverer = start_thread("spool", [this] { deliver_loop(); });
    }

    ~State() {
        queue.close();
        writer.join();
        {
            const std::scoped_lock lock(route);
            is_stopping = true;
        }
        stopping.notify_all();
        deliverer.join();
    }

    // --- the writer's thread ---

    void write_loop() {
        std::unique_ptr<PostgresDatabase> connection;
        for (auto group = queue.take(group_limit); !group.empty(); group = queue.take(group_limit)) {
            if (put_in_spool(group, false)) continue;
            std::exception_ptr outcome;
            try {
                commit_once(
                    connector, connection,
                    [&](PostgresDatabase& database) {
                        std::vector<const IntakeRow*> rows;
                        for (const Task& task : group)
                            rows.push_back(&task.row);
                        insert(database, rows);
                        return group.front().row.workspace;
                    },
                    [this] { return is_stopping.load(); });
            } catch (const SqlUnavailable&) {
                put_in_spool(group, true);
                continue;
            } catch (...) {
                outcome = as_told();
            }
            for (const Task& task : group)
                task.done(outcome);
        }
    }

    // False when nothing waits in the spool and nothing forces this group there.
    bool put_in_spool(std::vector<Task>& group, bool is_forced) {
        const std::scoped_lock lock(route);
        if (!is_forced && !is_spooling && !connector.is_away()) return false;
        is_spooling = true;
        for (Task& task : group) {
            ++in_hand;
            spool.append(std::move(task.row), [this, done = std::move(task.done)](std::exception_ptr error) {
                --in_hand;
                done(error);
            });
        }
        return true;
    }

    // --- the deliverer's thread ---

    std::int64_t delivered(PostgresDatabase& database) {
        return database
            .first(
                "SELECT number FROM spools WHERE generation=$1", [](const Row& row) { return row.integer(0); },
                spool.generation())
            .value_or(0);
    }

    void deliver_loop() {
        std::unique_ptr<PostgresDatabase> connection;
        std::unique_lock lock(route);
        while (!is_stopping) {
            stopping.wait_for(lock, look_every, [&] { return is_stopping.load(); });
            if (!is_spooling) continue;
            lock.unlock();
            bool is_drained = false;
            try {
                while (!is_stopping && deliver(connection)) {
                }
                is_drained = true;
            } catch (const std::exception& reason) {
                log(LogLevel::debug, "the spool waits", {{"reason", reason.what()}});
            }
            lock.lock();
            // Nothing joins the spool while `route` is held; what was joining has to be on its disk and delivered.
            if (is_drained && in_hand == 0) is_spooling = has_rows(connection);
        }
    }

    bool has_rows(std::unique_ptr<PostgresDatabase>& connection) {
        try {
            return !spool.rows_after(delivered(connector.use(connection)), 1).empty();
        } catch (const std::exception&) {
            connection.reset();
            return true;
        }
    }

    // Moves a few rows; false when there are none. How far it is stands in the same commit.
    bool deliver(std::unique_ptr<PostgresDatabase>& connection) {
        std::vector<IntakeRow> rows;
        commit_once(
            connector, connection,
            [&](PostgresDatabase& database) {
                rows = spool.rows_after(delivered(database), delivered_at_once);
                if (rows.empty()) return WorkspaceId{};
                const std::map<ChannelId, WorkspaceId> known = workspaces(database);
                std::vector<const IntakeRow*> wanted;
                for (IntakeRow& row : rows) {
                    const auto channel = known.find(row.channel);
                    if (channel == known.end()) continue;  // it was disconnected meanwhile
                    row.workspace = channel->second;
                    wanted.push_back(&row);
                }
                if (!wanted.empty()) insert(database, wanted);
                database.exec(
                    "INSERT INTO spools (generation, number) VALUES ($1, $2) ON CONFLICT (generation) DO UPDATE"
                    " SET number = excluded.number",
                    spool.generation(), rows.back().number);
                return WorkspaceId{};
            },
            [this] { return is_stopping.load(); });
        if (rows.empty()) return false;
        log(LogLevel::info, "webhooks that had waited on this machine were delivered",
            {{"count", std::to_string(rows.size())}});
        spool.prune(rows.back().number, Clock::real_now() + 24h);
        arrived();
        return true;
    }

    static std::map<ChannelId, WorkspaceId> workspaces(PostgresDatabase& database) {
        std::map<ChannelId, WorkspaceId> out;
        database.run("SELECT id, workspace_id FROM channels", {},
                     [&](const Row& row) { out.emplace(ChannelId{row.uuid(0)}, WorkspaceId{row.uuid(1)}); });
        return out;
    }

    Connector& connector;
    const Ownership& ownership;
    const std::function<void()> arrived;
    WebhookFile spool;
    BoundedQueue<Task> queue{queue_limit};
    std::mutex route;
    std::condition_variable stopping;
    std::atomic<bool> is_stopping = false;
    bool is_spooling = false;
    std::atomic<int> in_hand = 0;  // on their way into the spool
    RecentWebhooks recent;
    std::unique_ptr<PostgresDatabase> reader;
    std::thread writer;
    std::thread deliverer;
};

PostgresIntake::PostgresIntake(Connector& connector, const Ownership& ownership, const std::filesystem::path& spool,
                               std::function<void()> arrived)
    : state_(std::make_unique<State>(connector, ownership, spool, std::move(arrived))) {}

PostgresIntake::~PostgresIntake() = default;

void PostgresIntake::append(IntakeRow row, std::function<void(std::exception_ptr)> done) {
    state_->recent.add(row);
    Task task{std::move(row), std::move(done)};
    if (!state_->queue.push(task)) task.done(std::make_exception_ptr(StoreBusy{}));
}

std::vector<IntakeRow> PostgresIntake::recent(ChannelId channel, int limit) {
    return state_->recent.of(channel, limit);
}

std::vector<IntakeRow> PostgresIntake::waiting(int limit) {
    static const std::string of_ours =
        " FROM intake i JOIN partitions p ON p.id=i.partition WHERE p.owner=$1 AND"
        " p.lease_until>(extract(epoch FROM clock_timestamp())*1000)::bigint";
    try {
        PostgresDatabase& database = state_->connector.use(state_->reader);
        // A row may hold 4 MiB: the batch ends at `most_bytes`, with one row at least.
        std::int64_t bytes = 0;
        std::int64_t last = 0;
        database.run("SELECT i.number, octet_length(i.raw)" + of_ours + " ORDER BY i.number LIMIT $2",
                     {sql(state_->ownership.node()), sql(limit)}, [&](const Row& row) {
                         if (bytes < most_bytes) last = row.integer(0);
                         bytes += row.integer(1);
                     });
        if (bytes == 0 && last == 0) return {};
        return database.rows(
            "SELECT i.number, i.channel_id, i.received_at, i.proof, i.raw, i.workspace_id" + of_ours +
                " AND i.number<=$2 ORDER BY i.number",
            [](const Row& row) {
                return IntakeRow{row.integer(0), ChannelId{row.uuid(1)}, row.time(2),
                                 row.text(3),    row.bytes(4),           WorkspaceId{row.uuid(5)}};
            },
            state_->ownership.node(), last);
    } catch (const SqlError&) {
        const std::exception_ptr reason = as_told();
        state_->reader.reset();
        std::rethrow_exception(reason);
    }
}

void PostgresIntake::mark_applied(StoreSession& session, const std::vector<IntakeRow>& rows) {
    Columns columns(2);
    for (const IntakeRow& row : rows) {
        columns[0].push_back(sql(row.workspace));
        columns[1].push_back(sql(row.number));
    }
    const std::int64_t deleted = static_cast<SqlSession&>(session).sql().run_batch(
        "DELETE FROM intake i USING unnest($1::uuid[], $2::int8[]) a(workspace_id, number)"
        " WHERE i.workspace_id=a.workspace_id AND i.number=a.number",
        columns, {});
    if (deleted != static_cast<std::int64_t>(rows.size()))
        throw StoreUnavailable("another node applied these webhooks");
}

}  // namespace okno::storage
