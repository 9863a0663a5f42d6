#include "storage/postgres/leases.hpp"

#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/thread.hpp"
#include "domain/partition.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include <unistd.h>

namespace okno::storage {

namespace {

using SteadyClock = std::chrono::steady_clock;

// The database's clock in milliseconds; the machines' own clocks need not agree.
const std::string db_now = "(extract(epoch FROM clock_timestamp())*1000)::bigint";
// This machine counts its lease from before it asked, and a little shorter.
constexpr auto margin = std::chrono::milliseconds{500};

std::string name_of_run() {
    char host[256] = "node";
    ::gethostname(host, sizeof host - 1);
    return std::string(host) + ":" + std::to_string(::getpid()) + ":" + random_token(6);
}

struct Held {
    std::atomic<std::int64_t> epoch = 0;
    std::atomic<SteadyClock::time_point> until{SteadyClock::time_point::min()};
    std::atomic<bool> is_leaving = false;  // nothing new is taken, and it is handed on when nothing is on its way
};

}  // namespace

struct Leases::State {
    State(Connector& from, LeaseTimes durations, AboutNode node)
        : connector(from), times(durations), about(std::move(node)) {}

    ~State() {
        stop();
        try {
            connector.use(connection).exec("UPDATE partitions SET owner='', lease_until=0 WHERE owner=$1", name);
            connection->exec("DELETE FROM nodes WHERE name=$1", name);
        } catch (const std::exception&) {  // the leases end by themselves
        }
    }

    void stop() {
        {
            const std::scoped_lock lock(mutex);
            is_stopping = true;
        }
        woken.notify_all();
        if (thread.joinable()) thread.join();
    }

    void run() {
        std::unique_lock lock(mutex);
        while (!is_stopping) {
            lock.unlock();
            bool is_settled = false;
            try {
                is_settled = round(connector.use(connection));
            } catch (const SqlError& reason) {
                connection.reset();
                log(LogLevel::debug, "the leases cannot be renewed now", {{"reason", reason.what()}});
            }
            lock.lock();
            woken.wait_for(lock, is_settled ? times.renew : times.renew / 3, [&] { return is_stopping; });
        }
    }

    // True when this node has its share.
    bool round(PostgresDatabase& database) {
        database.exec("INSERT INTO nodes (name, place, shares_files, seen_until) VALUES ($1, $2, $3, " + db_now +
                          "+$4) ON CONFLICT (name) DO UPDATE SET seen_until = excluded.seen_until",
                      name, about.place, about.shares_files, times.lease.count());
        renew(database);
        database.exec("DELETE FROM nodes WHERE seen_until<" + db_now + "-60000");
        const auto nodes = database
                               .first("SELECT count(*) FROM nodes WHERE seen_until>" + db_now,
                                      [](const Row& row) { return static_cast<int>(row.integer(0)); })
                               .value_or(1);
        const int share = (partition_count + std::max(nodes, 1) - 1) / std::max(nodes, 1);
        hand_on(database, share);
        if (owned() < share) take(database, share - owned());
        return owned() >= partition_count / std::max(nodes, 1);
    }

    int owned() const {
        int count = 0;
        for (int i = 0; i < partition_count; ++i)
            if (held[static_cast<std::size_t>(i)].epoch > 0) ++count;
        return count;
    }

    void renew(PostgresDatabase& database) {
        const auto asked = SteadyClock::now();
        std::map<int, std::int64_t> renewed;
        database.run("UPDATE partitions SET lease_until=" + db_now + "+$2 WHERE owner=$1 AND lease_until>" + db_now +
                         " RETURNING id, epoch",
                     {sql(name), sql(static_cast<std::int64_t>(times.lease.count()))},
                     [&](const Row& row) { renewed[static_cast<int>(row.integer(0))] = row.integer(1); });
        std::set<int> fresh;
        for (int i = 0; i < partition_count; ++i) {
            Held& one = held[static_cast<std::size_t>(i)];
            const auto found = renewed.find(i);
            if (found == renewed.end()) {
                lose(one);
                continue;
            }
            // Ours without our knowing: the answer to the taking was lost. Renewed and not used it would be nobody's.
            if (one.epoch != found->second) fresh.insert(i);
            one.until = asked + times.lease - margin;
            one.epoch = found->second;
        }
        tell(fresh);
    }

    void tell(const std::set<int>& fresh) {
        if (fresh.empty()) return;
        log(LogLevel::info, "took over a part of the work", {{"partitions", std::to_string(fresh.size())}});
        if (taken) taken(fresh);
    }

    static void lose(Held& one) {
        one.epoch = 0;
        one.until = SteadyClock::time_point::min();
        one.is_leaving = false;
    }

    void hand_on(PostgresDatabase& database, int share) {
        int too_many = owned() - share;
        for (int i = partition_count - 1; i >= 0; --i) {
            Held& one = held[static_cast<std::size_t>(i)];
            if (one.epoch == 0) continue;
            one.is_leaving = too_many > 0;
            if (too_many-- <= 0 || (is_busy && is_busy(i))) continue;
            database.exec("UPDATE partitions SET owner='', lease_until=0 WHERE id=$1 AND owner=$2", i, name);
            lose(one);
        }
    }

    void take(PostgresDatabase& database, int wanted) {
        const auto asked = SteadyClock::now();
        std::set<int> fresh;
        // Nodes that start at once do not wait for each other's choice.
        database.run("UPDATE partitions SET owner=$1, epoch=epoch+1, lease_until=" + db_now +
                         "+$2 WHERE id IN (SELECT id FROM partitions WHERE lease_until<=" + db_now +
                         " ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING id, epoch",
                     {sql(name), sql(static_cast<std::int64_t>(times.lease.count())), sql(wanted)},
                     [&](const Row& row) {
                         Held& one = held[static_cast<std::size_t>(row.integer(0))];
                         one.is_leaving = false;
                         one.until = asked + times.lease - margin;
                         one.epoch = row.integer(1);
                         fresh.insert(static_cast<int>(row.integer(0)));
                     });
        tell(fresh);
    }

    Connector& connector;
    const LeaseTimes times;
    const AboutNode about;
    const std::string name = name_of_run();
    Taken taken;
    IsBusy is_busy;
    std::array<Held, partition_count> held;
    std::unique_ptr<PostgresDatabase> connection;
    std::mutex mutex;
    std::condition_variable woken;
    bool is_stopping = false;
    std::thread thread;
};

Leases::Leases(Connector& connector, LeaseTimes times, AboutNode about)
    : state_(std::make_unique<State>(connector, times, std::move(about))) {}

Leases::~Leases() = default;

void Leases::start(Taken taken, IsBusy is_busy) {
    state_->taken = std::move(taken);
    state_->is_busy = std::move(is_busy);
    state_->thread = start_thread("leases", [this] { state_->run(); });
}

void Leases::check_files_are_shared() {
    const auto others = state_->connector.connect()->first(
        "SELECT count(*) FROM nodes WHERE place<>$1 AND seen_until>" + db_now + " AND (shares_files=0 OR $2=0)",
        [](const Row& row) { return row.integer(0); }, state_->about.place, state_->about.shares_files);
    if (others.value_or(0) > 0)
        throw std::runtime_error(
            "Another node works on this database, and files are not shared with it: set `media` to a folder that all"
            " nodes have, or to s3://..., on every node, or stop the other one.");
}

void Leases::stop() { state_->stop(); }

const std::string& Leases::node() const { return state_->name; }

std::optional<std::int64_t> Leases::epoch_of(int partition) const {
    const Held& one = state_->held[static_cast<std::size_t>(partition)];
    const std::int64_t epoch = one.epoch;
    return epoch > 0 && !one.is_leaving && holds(partition, epoch) ? std::optional(epoch) : std::nullopt;
}

bool Leases::holds(int partition, std::int64_t epoch) const {
    const Held& one = state_->held[static_cast<std::size_t>(partition)];
    return one.epoch == epoch && SteadyClock::now() < one.until.load();
}

}  // namespace okno::storage
