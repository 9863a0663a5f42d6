#include "storage/postgres/postgres_database.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <set>
#include <type_traits>
#include <utility>

namespace okno::storage {

namespace {

// Type numbers of pg_type.dat, which are the same in every PostgreSQL.
constexpr Oid type_bytea = 17;
constexpr Oid type_int8 = 20;
constexpr Oid type_text = 25;
constexpr Oid type_uuid = 2950;
constexpr int is_binary = 1;

struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

template <typename Number>
Number read_big_endian(const char* from) {
    Number number;
    std::memcpy(&number, from, sizeof number);
    return std::byteswap(number);
}

class PostgresRow final : public Row {
public:
    PostgresRow(const PGresult* result, int row) : result_(result), row_(row) {}
    bool is_null(int column) const override { return PQgetisnull(result_, row_, column) != 0; }
    std::int64_t integer(int column) const override {
        const char* value = PQgetvalue(result_, row_, column);
        switch (PQgetlength(result_, row_, column)) {
            case 8: return read_big_endian<std::int64_t>(value);
            case 4: return read_big_endian<std::int32_t>(value);
            case 2: return read_big_endian<std::int16_t>(value);
            case 1: return *value;
            default: return 0;  // NULL, as SQLite reads it
        }
    }
    std::string text(int column) const override { return bytes(column); }
    std::string bytes(int column) const override {
        return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
    }

private:
    const PGresult* result_;
    int row_;
};

Oid type_of(const SqlValue& value) {
    return std::visit(
        []<typename Value>(const Value&) -> Oid {
            if constexpr (std::is_same_v<Value, std::int64_t>) return type_int8;
            if constexpr (std::is_same_v<Value, std::string>) return type_text;
            if constexpr (std::is_same_v<Value, Blob>) return type_bytea;
            if constexpr (std::is_same_v<Value, Uuid>) return type_uuid;
            return 0;
        },
        value);
}

Oid array_of(Oid type) {
    switch (type) {
        case type_bytea: return 1001;
        case type_int8: return 1016;
        case type_uuid: return 2951;
        default: return 1009;  // text[]
    }
}

template <typename Number>
void append_big_endian(std::string& out, Number number) {
    number = std::byteswap(number);
    out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void append_element(std::string& out, std::string_view bytes) {
    append_big_endian(out, static_cast<std::int32_t>(bytes.size()));
    out += bytes;
}

// The server's binary form of an array of one dimension.
std::string write_array(const std::vector<SqlValue>& values, Oid type) {
    std::string out;
    append_big_endian<std::int32_t>(out, 1);  // dimensions
    append_big_endian<std::int32_t>(out, 1);  // may hold NULL
    append_big_endian(out, static_cast<std::int32_t>(type));
    append_big_endian(out, static_cast<std::int32_t>(values.size()));
    append_big_endian<std::int32_t>(out, 1);  // first index
    for (const SqlValue& value : values)
        std::visit(
            [&]<typename Value>(const Value& one) {
                if constexpr (std::is_same_v<Value, std::int64_t>) {
                    append_big_endian<std::int32_t>(out, sizeof one);
                    append_big_endian(out, one);
                } else if constexpr (std::is_same_v<Value, std::string>) {
                    append_element(out, one);
                } else if constexpr (std::is_same_v<Value, Blob>) {
                    append_element(out, one.bytes);
                } else if constexpr (std::is_same_v<Value, Uuid>) {
                    append_element(out, {reinterpret_cast<const char*>(one.bytes.data()), one.bytes.size()});
                } else {
                    append_big_endian<std::int32_t>(out, -1);
                }
            },
            value);
    return out;
}

// Which of $1, $2, ... stand in the text.
std::set<int> named_in(std::string_view statement) {
    std::set<int> out;
    for (std::size_t at = statement.find('$'); at != std::string_view::npos; at = statement.find('$', at + 1)) {
        int number = 0;
        std::from_chars(statement.data() + at + 1, statement.data() + statement.size(), number);
        out.insert(number);
    }
    return out;
}

std::string words_of(const PGconn* connection) {
    std::string words = connection != nullptr ? PQerrorMessage(connection) : "out of memory";
    while (words.ends_with('\n'))
        words.pop_back();
    return words;
}

// Where it is, without user and password.
std::string place_of(const PGconn* connection) {
    const char* host = PQhost(connection);
    const char* port = PQport(connection);
    return std::string("PostgreSQL at ") + (host != nullptr ? host : "?") + ":" + (port != nullptr ? port : "?");
}

}  // namespace

// The values of a statement as libpq takes them, which keeps pointers into what was added.
struct PostgresDatabase::Bound {
    std::vector<const char*> pointers;
    std::vector<int> lengths;

    explicit Bound(std::size_t count) : numbers_(count) {
        pointers.reserve(count);
        lengths.reserve(count);
    }

    void add(const SqlValue& value) {
        std::visit([this](const auto& one) { add_value(one); }, value);
    }
    // Their types, as the server numbers them.
    std::vector<Oid> add_all(const std::vector<SqlValue>& values) {
        std::vector<Oid> types;
        for (const SqlValue& value : values) {
            types.push_back(type_of(value));
            add(value);
        }
        return types;
    }
    void add_bytes(const char* data, std::size_t size) {
        pointers.push_back(data);
        lengths.push_back(static_cast<int>(size));
    }

private:
    void add_value(std::monostate) { add_bytes(nullptr, 0); }
    void add_value(std::int64_t value) {
        std::int64_t& number = numbers_[pointers.size()] = std::byteswap(value);
        add_bytes(reinterpret_cast<const char*>(&number), sizeof number);
    }
    void add_value(const std::string& value) { add_bytes(value.data(), value.size()); }
    void add_value(const Blob& value) { add_bytes(value.bytes.data(), value.bytes.size()); }
    void add_value(const Uuid& value) {
        add_bytes(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
    }

    std::vector<std::int64_t> numbers_;  // in the order of bytes of the network
};

PostgresDatabase::PostgresDatabase(const std::string& url) {
    // A peer that is gone is noticed within some 10 s, whether we send or wait.
    const char* const names[] = {"dbname",           "connect_timeout",  "application_name",
                                 "client_encoding",  "keepalives_idle",  "keepalives_interval",
                                 "keepalives_count", "tcp_user_timeout", nullptr};
    const char* const values[] = {url.c_str(), "5", "okno", "UTF8", "5", "2", "3", "10000", nullptr};
    connection_ = PQconnectdbParams(names, values, /*expand_dbname=*/1);
    if (PQstatus(connection_) != CONNECTION_OK) {
        const std::string words = place_of(connection_) + " cannot be reached: " + words_of(connection_);
        PQfinish(connection_);
        throw SqlUnavailable(words);
    }
    PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
    try {
        // What was acknowledged must be on its disk whatever the server's own setting; nothing waits for ever.
        script(
            "SET synchronous_commit=on; SET default_transaction_isolation='read committed'; SET jit=off;"
            "SET statement_timeout='60s'; SET lock_timeout='20s'; SET idle_in_transaction_session_timeout='60s';"
            // Plans are made once, when tables may still be small, and kept: each statement has its index.
            "SET enable_seqscan=off");
    } catch (...) {  // no destructor runs for what was not made
        PQfinish(connection_);
        throw;
    }
}

PostgresDatabase::~PostgresDatabase() { PQfinish(connection_); }

void PostgresDatabase::throw_error(const PGresult* result, std::string_view statement) {
    const char* field = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const std::string state = field != nullptr ? field : "";
    const char* primary = result != nullptr ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
    const std::string words = place_of(connection_) + ": " + (primary != nullptr ? primary : words_of(connection_));
    if (PQstatus(connection_) != CONNECTION_OK) throw SqlLost(words);
    const std::string kind = state.substr(0, 2);
    // Deadlock, serialization, a key that two transactions made at once, a lock that took too long.
    if (kind == "40" || state == "23505" || state == "55P03") throw SqlConflict(words);
    if (state == "0A000" && words.find("cached plan") != std::string::npos) {  // a newer node changed the tables
        script("DEALLOCATE ALL");
        names_.clear();
        throw SqlConflict(words);
    }
    // 08 connection, 25006 read-only (a standby), 53 no room, 57 shut down or ended by time, 58 its disk.
    if (kind == "08" || kind == "53" || kind == "57" || kind == "58" || state == "25006") throw SqlUnavailable(words);
    throw SqlError(words + " in: " + std::string(statement));
}

const std::string& PostgresDatabase::prepare_as(std::string_view statement, const std::vector<Oid>& types) {
    std::string key(statement);
    key.push_back('\0');
    for (const Oid type : types)
        key.append(reinterpret_cast<const char*>(&type), sizeof type);
    if (const auto found = names_.find(key); found != names_.end()) return found->second;
    // The server finds the type of a NULL from where it stands; one that stands nowhere needs some type.
    std::vector<Oid> told = types;
    const std::set<int> named = named_in(statement);
    for (std::size_t i = 0; i < told.size(); ++i)
        if (told[i] == 0 && !named.contains(static_cast<int>(i) + 1)) told[i] = type_text;
    const std::string name = "s" + std::to_string(names_.size());
    const Result result(PQprepare(connection_, name.c_str(), std::string(statement).c_str(),
                                  static_cast<int>(told.size()), told.data()));
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) throw_error(result.get(), statement);
    return names_.emplace(std::move(key), name).first->second;
}

std::int64_t PostgresDatabase::execute(const std::string& name, std::string_view statement, const Bound& bound,
                                       const OnRow& on_row) {
    const std::vector<int> formats(bound.pointers.size(), is_binary);
    return told(PQexecPrepared(connection_, name.c_str(), static_cast<int>(bound.pointers.size()),
                               bound.pointers.data(), bound.lengths.data(), formats.data(), is_binary),
                statement, on_row);
}

std::int64_t PostgresDatabase::told(PGresult* answer, std::string_view statement, const OnRow& on_row) {
    const Result result(answer);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw_error(result.get(), statement);
    const bool is_select = std::string_view(PQcmdStatus(result.get())).starts_with("SELECT");
    std::int64_t changed = 0;
    const std::string_view count = PQcmdTuples(result.get());
    if (!is_select) std::from_chars(count.data(), count.data() + count.size(), changed);
    has_written_ = has_written_ || changed > 0;
    if (on_row)
        for (int row = 0; row < PQntuples(result.get()); ++row)
            on_row(PostgresRow(result.get(), row));
    return changed;
}

std::int64_t PostgresDatabase::run(std::string_view statement, const std::vector<SqlValue>& values,
                                   const OnRow& on_row) {
    write_aside();
    Bound bound(values.size());
    const std::vector<Oid> types = bound.add_all(values);
    return execute(prepare_as(statement, types), statement, bound, on_row);
}

// "messages" of "UPDATE messages m SET ...": what stands aside is written to one table each.
static std::string_view table_of(std::string_view statement) {
    for (const std::string_view begin : {"INSERT INTO ", "UPDATE ", "DELETE FROM "})
        if (statement.starts_with(begin)) {
            statement.remove_prefix(begin.size());
            return statement.substr(0, statement.find(' '));
        }
    return {};
}

bool PostgresDatabase::put_aside(std::string_view statement, const Uuid& key, const std::vector<SqlValue>& row) {
    auto aside = std::ranges::find(aside_, statement, &Aside::statement);
    // Statements are written in the order of their first rows: a row that another statement holds since goes after it.
    for (auto later = aside; later != aside_.end(); ++later)
        if (later != aside && table_of(later->statement) == table_of(statement) && later->rows.contains(key)) {
            write_aside();
            aside = aside_.end();
            break;
        }
    if (aside == aside_.end())
        aside = aside_.insert(aside_.end(), Aside{std::string(statement), Columns(row.size()), {}});
    const auto [place, is_new] = aside->rows.try_emplace(key, aside->rows.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (is_new)
            aside->columns[i].push_back(row[i]);
        else
            aside->columns[i][place->second] = row[i];
    }
    has_written_ = true;
    return true;
}

void PostgresDatabase::write_aside() {
    for (const Aside& aside : std::exchange(aside_, {}))
        run_batch(aside.statement, aside.columns, {});
}

std::int64_t PostgresDatabase::run_batch(std::string_view statement, const Columns& columns, const OnRow& on_row) {
    write_aside();
    std::vector<Oid> types;
    std::vector<std::string> arrays;
    for (const std::vector<SqlValue>& column : columns) {
        const auto typed = std::ranges::find_if(column, [](const SqlValue& value) { return type_of(value) != 0; });
        types.push_back(array_of(typed == column.end() ? type_text : type_of(*typed)));
        arrays.push_back(write_array(column, typed == column.end() ? type_text : type_of(*typed)));
    }
    Bound bound(columns.size());
    for (const std::string& array : arrays)
        bound.add_bytes(array.data(), array.size());
    return execute_planned(statement, types, bound, on_row);
}

// What is best for a batch, too, depends on its size and on that of the tables.
std::int64_t PostgresDatabase::execute_planned(std::string_view statement, const std::vector<Oid>& types,
                                               const Bound& bound, const OnRow& on_row) {
    const std::vector<int> formats(bound.pointers.size(), is_binary);
    return told(PQexecParams(connection_, std::string(statement).c_str(), static_cast<int>(types.size()), types.data(),
                             bound.pointers.data(), bound.lengths.data(), formats.data(), is_binary),
                statement, on_row);
}

std::int64_t PostgresDatabase::run_planned(std::string_view statement, const std::vector<SqlValue>& values,
                                           const OnRow& on_row) {
    write_aside();
    Bound bound(values.size());
    const std::vector<Oid> types = bound.add_all(values);
    return execute_planned(statement, types, bound, on_row);
}

void PostgresDatabase::script(const std::string& statements) {
    const Result result(PQexec(connection_, statements.c_str()));
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw_error(result.get(), statements);
}

void PostgresDatabase::begin(const char* how) {
    has_written_ = false;
    is_reading_ = false;
    aside_.clear();
    script(how);
}

void PostgresDatabase::begin_reading() {
    begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    is_reading_ = true;
}

void PostgresDatabase::commit() {
    write_aside();
    const Result result(PQexec(connection_, "COMMIT"));
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) throw_error(result.get(), "COMMIT");
    if (std::string_view(PQcmdStatus(result.get())) != "COMMIT")
        throw SqlConflict(place_of(connection_) + " undid the transaction");
}

void PostgresDatabase::roll_back() {
    aside_.clear();
    if (PQtransactionStatus(connection_) != PQTRANS_IDLE) const Result ignored(PQexec(connection_, "ROLLBACK"));
}

}  // namespace okno::storage
