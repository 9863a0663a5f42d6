#include "storage/postgres/commit.hpp"

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "base/time.hpp"

#include <thread>

namespace okno::storage {

constexpr int most_losses = 3;

struct Way {
    const char* begin;
    int most_conflicts;
};
constexpr Way patient{"BEGIN", 8};
// Long enough for the commits of others on a slow disk, much shorter than the server takes to see a deadlock.
constexpr Way easy{"BEGIN; SET LOCAL lock_timeout='100ms'", 1};

static bool note_operation(PostgresDatabase& database, WorkspaceId workspace, const Uuid& operation) {
    return database.exec(
               "INSERT INTO operations (workspace_id, id, done_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
               workspace, operation, Clock::real_now()) > 0;
}

// Whether a transaction whose COMMIT got no answer was carried out. Afterwards it is one way or the other for good.
static bool was_committed(Connector& connector, std::unique_ptr<PostgresDatabase>& connection, WorkspaceId workspace,
                          const Uuid& operation, const std::function<bool()>& is_stopping) {
    log(LogLevel::warning, "the answer to a commit was lost, finding out what became of it", {});
    while (true) {
        try {
            return !note_operation(connector.use(connection), workspace, operation);
        } catch (const SqlUnavailable&) {
            connection.reset();
            if (is_stopping()) throw;
        } catch (const SqlConflict&) {  // waited too long for the first one's end
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

static void commit(const Way& way, Connector& connector, std::unique_ptr<PostgresDatabase>& connection,
                   const std::function<WorkspaceId(PostgresDatabase&)>& work,
                   const std::function<bool()>& is_stopping) {
    int conflicts = 0;
    int losses = 0;
    while (true) {
        PostgresDatabase& database = connector.use(connection);
        const Uuid operation = make_uuid();
        WorkspaceId workspace;
        bool is_committing = false;
        try {
            database.begin(way.begin);
            workspace = work(database);
            const bool has_written = database.has_written();
            if (has_written) note_operation(database, workspace, operation);
            crash_point();
            is_committing = has_written;
            database.commit();
            crash_point();
            return;
        } catch (const SqlLost&) {
            connection.reset();
            if (is_committing) {
                if (was_committed(connector, connection, workspace, operation, is_stopping)) return;
            } else if (++losses >= most_losses) {
                throw;
            }
        } catch (const SqlConflict&) {
            database.roll_back();
            if (++conflicts >= way.most_conflicts) throw;
        } catch (const SqlUnavailable&) {
            connection.reset();  // whatever ails the server, a new connection tells
            throw;
        } catch (...) {
            database.roll_back();
            throw;
        }
    }
}

void commit_once(Connector& connector, std::unique_ptr<PostgresDatabase>& connection,
                 const std::function<WorkspaceId(PostgresDatabase&)>& work, const std::function<bool()>& is_stopping) {
    commit(patient, connector, connection, work, is_stopping);
}

void commit_if_easy(Connector& connector, std::unique_ptr<PostgresDatabase>& connection,
                    const std::function<WorkspaceId(PostgresDatabase&)>& work,
                    const std::function<bool()>& is_stopping) {
    commit(easy, connector, connection, work, is_stopping);
}

}  // namespace okno::storage
