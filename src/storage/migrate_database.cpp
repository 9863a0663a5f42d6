#include "storage/migrate_database.hpp"

#include "domain/partition.hpp"
#include "storage/migrations/migrations.hpp"
#include "storage/open_storage.hpp"
#include "storage/secret_key.hpp"
#include "storage/sql_transaction.hpp"
#include "storage/sqlite/backup.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>

namespace okno::storage {

namespace fs = std::filesystem;

namespace {

constexpr int cache_kib = 8 * 1024;
constexpr std::size_t most_rows = 2000;  // of one statement
constexpr std::size_t most_bytes = 4 << 20;

// Of nodes and of the database itself, made anew there: they say nothing of an installation.
constexpr std::array<std::string_view, 5> own_tables{"nodes", "operations", "partitions", "schema_version", "spools"};
bool is_own(std::string_view table) { return std::ranges::find(own_tables, table) != own_tables.end(); }
constexpr std::string_view mark = "copy_under_way";

std::int64_t first_integer(const Row& row) { return row.integer(0); }

bool has_table(Sql& sql, std::string_view table) {
    return sql.first("SELECT 1 WHERE to_regclass($1) IS NOT NULL", [](const Row&) { return true; }, table).has_value();
}

bool has_rows(Sql& sql, const std::string& table) {
    return sql.first("SELECT 1 FROM " + table + " LIMIT 1", [](const Row&) { return true; }).has_value();
}

std::size_t size_of(const TableRow& row) {
    std::size_t size = 0;
    for (const SqlValue& value : row) {
        size += 16;
        if (const auto* text = std::get_if<std::string>(&value)) size += text->size();
        if (const auto* blob = std::get_if<Blob>(&value)) size += blob->bytes.size();
    }
    return size;
}

// okno.db as it is, or with older tables a migrated copy beside it: the file itself is not changed.
class Source {
public:
    explicit Source(const fs::path& directory) : copy_(directory / "okno-migrating.db") {
        remove_copy();
        database_ = std::make_unique<SqliteDatabase>(directory / "okno.db", SqliteDatabase::Mode::read, cache_kib);
        const auto version = database_->first("SELECT version FROM schema_version", first_integer);
        if (version == static_cast<std::int64_t>(migrations().size())) return;
        database_.reset();
        copy_database(directory / "okno.db", copy_);
        database_ = std::make_unique<SqliteDatabase>(copy_, SqliteDatabase::Mode::write, cache_kib);
        migrate(*database_, migrations(), [](std::int64_t) {});
    }
    ~Source() {
        database_.reset();
        remove_copy();
    }
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    SqliteDatabase& database() { return *database_; }

private:
    void remove_copy() const {
        std::error_code ignored;
        for (const char* end : {"", "-wal", "-shm"})
            fs::remove(copy_.string() + end, ignored);
    }

    fs::path copy_;
    std::unique_ptr<SqliteDatabase> database_;
};

// One run of the command.
class Copy {
public:
    Copy(SqliteDatabase& files, SqliteDatabase* intake, PostgresDatabase& database, const Progress& progress)
        : files_(files), intake_(intake), database_(database), progress_(progress) {
        if (intake_ != nullptr)
            generation_ =
                intake_->first("SELECT name FROM generation", [](const Row& row) { return row.text(0); }).value_or("");
    }

    Migrated run() {
        begin();
        for (const std::string& table : tables_of(files_)) {
            if (table == "schema_version") continue;
            shapes_.push_back(shape_of(files_, database_, table));
            all_ += count_rows(files_, table);
        }
        if (intake_ != nullptr)
            all_ +=
                intake_->first("SELECT count(*) FROM webhooks WHERE number>$1", first_integer, applied()).value_or(0);
        all_ *= 2;  // each is written, then read back
        for (const TableShape& shape : shapes_)
            out_.tables.push_back({shape.name, copy_table(shape), {}});
        out_.tables.push_back({webhooks_.name, copy_webhooks(), {}});
        shapes_.push_back(webhooks_);
        for (std::size_t i = 0; i < shapes_.size(); ++i)
            out_.tables[i].there =
                sum_rows(database_, shapes_[i], [&](std::int64_t rows) { tell("comparing", shapes_[i].name, rows); });
        check_same();
        database_.script("DROP TABLE " + std::string(mark));
        return out_;
    }

private:
    // The database is empty, or an earlier copy from these files was interrupted.
    void begin() {
        // The number is Okno's own; held as long as the connection.
        if (database_.first("SELECT pg_try_advisory_lock(3308)", first_integer) != 1)
            throw std::runtime_error("Another copy into this database is under way: wait for its end.");
        const std::vector<std::string> tables = tables_of(database_);
        if (std::ranges::find(tables, "nodes") != tables.end() &&
            database_.first("SELECT count(*) FROM nodes WHERE seen_until>"
                            "(extract(epoch FROM clock_timestamp())*1000)::bigint",
                            first_integer) != 0)
            throw std::runtime_error("Okno works with this database: stop all its nodes first.");
        const bool goes_on = has_table(database_, mark);
        if (goes_on)
            check_mark();
        else
            check_empty(tables);
        migrate(database_, migrations(), [](std::int64_t) {});
        if (goes_on) return;
        database_.begin("BEGIN");
        database_.script("CREATE TABLE " + std::string(mark) + " (intake text PRIMARY KEY)");
        database_.exec("INSERT INTO " + std::string(mark) + " VALUES ($1)", generation_);
        database_.commit();
    }

    void check_mark() {
        const auto from =
            database_.first("SELECT intake FROM " + std::string(mark), [](const Row& row) { return row.text(0); });
        if (from != generation_)
            throw std::runtime_error(
                "A copy of another installation into this database was interrupted: name an empty database, or make"
                " this one anew (dropdb, createdb).");
    }

    void check_empty(const std::vector<std::string>& tables) {
        for (const std::string& table : tables)
            if (!is_own(table) && has_rows(database_, table))
                throw std::runtime_error(
                    "This database is in use already: its table " + table +
                    " has rows. Name an empty database (createdb). If this installation was copied there before, all"
                    " is done: start the server with it.");
    }

    // What goes in one statement.
    struct Batch {
        const TableShape& shape;
        std::vector<TableRow> rows;
        std::size_t bytes = 0;
        RowSum sum;  // of all that went
    };

    void add(Batch& batch, TableRow row) {
        if (make_storable(row)) ++out_.changed_rows;
        batch.sum.add(batch.shape, row);
        batch.bytes += size_of(row);
        batch.rows.push_back(std::move(row));
        if (batch.rows.size() >= most_rows || batch.bytes >= most_bytes) flush(batch);
    }

    void flush(Batch& batch) {
        tell("copying", batch.shape.name, static_cast<std::int64_t>(batch.rows.size()));
        insert_rows(database_, batch.shape, batch.rows);
        batch.rows.clear();
        batch.bytes = 0;
    }

    RowSum copy_table(const TableShape& shape) {
        Batch batch{shape, {}, 0, {}};
        files_.run(select_all(shape), {}, [&](const Row& row) { add(batch, read_row(row, shape)); });
        flush(batch);
        return batch.sum;
    }

    // With their numbers, so that a copy that is repeated brings none twice.
    RowSum copy_webhooks() {
        if (intake_ == nullptr) return {};
        std::map<ChannelId, WorkspaceId> workspaces;
        files_.run("SELECT id, workspace_id FROM channels", {},
                   [&](const Row& row) { workspaces.emplace(ChannelId{row.uuid(0)}, WorkspaceId{row.uuid(1)}); });
        Batch batch{webhooks_, {}, 0, {}};
        std::int64_t last = 0;
        intake_->run("SELECT number, channel_id, received_at, proof, raw FROM webhooks WHERE number>$1 ORDER BY number",
                     {sql(applied())}, [&](const Row& row) {
                         const ChannelId channel{row.uuid(1)};
                         const auto home = workspaces.find(channel);
                         if (home == workspaces.end()) {
                             ++out_.homeless;
                             return;
                         }
                         last = row.integer(0);
                         add(batch, {sql(home->second), sql(last), sql(channel), sql(partition_of(channel)),
                                     sql(row.integer(2)), row.text(3), Blob{row.bytes(4)}});
                     });
        flush(batch);
        if (last > 0)
            database_.exec(
                "SELECT setval(name::regclass, greatest($1, coalesce(pg_sequence_last_value(name::regclass), 0)))"
                " FROM pg_get_serial_sequence('intake', 'number') name",
                last);
        return batch.sum;
    }

    // A position of another file says nothing of this one.
    std::int64_t applied() {
        return files_.first("SELECT number FROM intake_position WHERE generation=$1", first_integer, generation_)
            .value_or(0);
    }

    void check_same() const {
        for (const CopiedTable& table : out_.tables)
            if (table.here != table.there)
                throw std::runtime_error(
                    "The copy is not what the files hold: of the table " + table.name + " there are " +
                    std::to_string(table.here.rows) + " rows here and " + std::to_string(table.there.rows) +
                    " there. If a server was started since an earlier copy was interrupted, make the database anew"
                    " (dropdb, createdb) and run the command again. The files are unchanged.");
    }

    void tell(const char* what, const std::string& table, std::int64_t more) {
        done_ += more;
        progress_(
            std::string(what) + " " + table + ": " + std::to_string(done_) + " of " + std::to_string(all_) + " rows,",
            done_, all_);
    }

    const TableShape webhooks_{"intake",
                               {{"workspace_id", ColumnKind::id},
                                {"number", ColumnKind::integer},
                                {"channel_id", ColumnKind::id},
                                {"partition", ColumnKind::integer},
                                {"received_at", ColumnKind::integer},
                                {"proof", ColumnKind::text},
                                {"raw", ColumnKind::bytes}}};
    SqliteDatabase& files_;
    SqliteDatabase* intake_;
    PostgresDatabase& database_;
    const Progress& progress_;
    std::string generation_;
    Migrated out_;
    std::vector<TableShape> shapes_;
    std::int64_t done_ = 0;
    std::int64_t all_ = 0;
};

}  // namespace

Migrated migrate_database(const fs::path& directory, const std::string& url, const Progress& progress) {
    check_restored(directory);
    if (!fs::exists(directory / "okno.db"))
        throw std::runtime_error("There is no Okno in " + directory.string() + ": name its data directory.");
    const DirectoryLock lock(directory);
    const SealingKey key = read_key(directory);
    Source source(directory);
    if (!opens_credentials(source.database(), key))
        throw std::runtime_error((directory / "secret.key").string() +
                                 " is not the key that sealed the credentials in okno.db: put back the file that"
                                 " belongs to this data directory.");
    std::optional<SqliteDatabase> intake;
    if (fs::exists(directory / "intake.db"))
        intake.emplace(directory / "intake.db", SqliteDatabase::Mode::read, cache_kib);
    PostgresDatabase database(url);
    return Copy(source.database(), intake ? &*intake : nullptr, database, progress).run();
}

void check_copied(Sql& database) {
    if (has_table(database, mark))
        throw std::runtime_error(
            "A copy of a data directory into this database did not come to its end: run `okno admin migrate-database`"
            " again, it goes on.");
}

}  // namespace okno::storage
