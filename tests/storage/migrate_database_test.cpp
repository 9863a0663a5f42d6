// From the files of a data directory into PostgreSQL. Run by tools/with_postgres.py.
#include "support/storage_fixture.hpp"

#include "app/dispatch.hpp"
#include "domain/partition.hpp"
#include "storage/migrate_database.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>

using namespace okno;
using namespace okno::tests;
namespace fs = std::filesystem;

namespace {

struct PowerCut {};

void no_progress(const std::string&, std::int64_t, std::int64_t) {}

std::string contents(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// An installation on files: two people, messages both ways, one of them leaving, a draft, webhooks.
struct Old {
    TemporaryDirectory directory;
    storage::Storage storage = open_whole(directory.path, {});
    Timestamp now = from_millis(1'795'000'000'000);
    WorkspaceId workspace = write(*storage.store, [&](StoreSession& s) { return s.make_workspace("Yasno", now); });
    Channel channel = a_channel(workspace, "1234567890");
    ConversationId conversation;
    OutboxRow row;

    Old() {
        write(*storage.store, [&](StoreSession& session) {
            Transaction& tx = session.in(workspace);
            tx.insert_channel(channel);
            conversation = tx.conversation_of(channel.id, a_person("79161234567"), now).id;
            tx.conversation_of(channel.id, a_person("79160000002"), now);
            Message question = a_message("Где заказ?", Direction::inbound);
            question.provider_id = ProviderMessageId{"wamid.1"};
            tx.insert_message_if_new(channel.id, question);
            const Message answer = a_message("on its way", Direction::outbound);
            tx.insert_message_if_new(channel.id, answer);
            Delivery delivery;
            delivery.id = make_id<DeliveryId>();
            delivery.message = answer.id;
            tx.insert_delivery(channel.id, delivery);
            row = {workspace, channel.id, conversation, delivery.id, answer.id};
            row.queued_at = now;
            tx.enqueue(row);
            std::vector<OutboxRow> rows{row};
            session.mark_sending(rows);
            tx.note_change("message", answer.id.value());
        });
        append(*storage.intake, {0, channel.id, now, "", "applied"});
        mark_applied(storage, storage.intake->waiting(10));
        for (const char* bytes : {"one", "two"})
            append(*storage.intake, {0, channel.id, now, "sha256=ab", bytes});
        append(*storage.intake, {0, make_id<ChannelId>(), now, "", "of a channel that is gone"});
    }

    Message a_message(const std::string& text, Direction direction) const {
        Message message;
        message.id = make_id<MessageId>();
        message.conversation = conversation;
        message.direction = direction;
        message.text = text;
        message.created_at = now;
        return message;
    }

    storage::Migrated move_to(const TestDatabase& database, const storage::Progress& progress = no_progress) {
        storage = {};
        return storage::migrate_database(directory.path, database.url, progress);
    }

    // Beside the store.
    void change(const std::string& statements) {
        storage = {};
        storage::SqliteDatabase(directory.path / "okno.db", storage::SqliteDatabase::Mode::write, 1024)
            .script(statements);
    }
};

std::string refusal(Old& old, const TestDatabase& database) {
    try {
        old.move_to(database);
    } catch (const std::runtime_error& reason) {
        return reason.what();
    }
    return "not refused";
}

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("a moved installation has all its rows, its numbers and its waiting webhooks" *
          doctest::skip(!on_postgres())) {
    Old old;
    const std::int64_t seq = read(*old.storage.store, [&](StoreSession& s) { return s.in(old.workspace).last_seq(); });
    const TestDatabase database;
    const auto copied = old.move_to(database);
    CHECK(copied.homeless == 1);
    CHECK(copied.changed_rows == 0);
    for (const storage::CopiedTable& table : copied.tables)
        CHECK_MESSAGE(table.here == table.there, table.name);

    const storage::Storage moved = open_whole(old.directory.path, database.url);
    read(*moved.store, [&](StoreSession& session) {
        Transaction& tx = session.in(old.workspace);
        CHECK(tx.last_seq() == seq);
        CHECK(tx.message(old.row.message)->text == "on its way");
        CHECK(tx.channels().front().credentials.at("access_token").reveal() == "EAAG-token");
        return 0;
    });
    std::vector<IntakeRow> rows = moved.intake->waiting(10);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].bytes + rows[1].bytes == "onetwo");
    CHECK(rows[0].proof == "sha256=ab");
    CHECK(rows[0].workspace == old.workspace);
    append(*moved.intake, {0, old.channel.id, old.now, "", "three", old.workspace});
    rows = moved.intake->waiting(10);
    REQUIRE(rows.size() == 3);
    CHECK(rows[2].number > rows[1].number);
}

TEST_CASE("what was leaving when the old server ended is unknown after the move" * doctest::skip(!on_postgres())) {
    Old old;
    const TestDatabase database;
    old.move_to(database);
    const storage::Storage moved = open_whole(old.directory.path, database.url);
    CHECK(write(*moved.store, [&](StoreSession& s) { return settle_left_in_flight(s, old.now); }) == 1);
    const auto status = read(*moved.store, [&](StoreSession& session) {
        return session.in(old.workspace).deliveries(old.row.message).front().status;
    });
    CHECK(status == MessageStatus::unknown);
}

TEST_CASE("no table of okno.db is forgotten, also one that comes with a later version" *
          doctest::skip(!on_postgres())) {
    Old old;
    const TestDatabase database;
    const std::string later = "CREATE TABLE inventions (workspace_id uuid, id bigint, word text, PRIMARY KEY (id))";
    storage::PostgresDatabase(database.url).script(later);
    old.change(
        "CREATE TABLE inventions (workspace_id BLOB, id INTEGER, word TEXT, PRIMARY KEY (id)) STRICT;"
        "INSERT INTO inventions VALUES (NULL, 7, NULL), (randomblob(16), 8, 'x')");
    std::set<std::string> copied;
    for (const storage::CopiedTable& table : old.move_to(database).tables)
        copied.insert(table.name);
    storage::SqliteDatabase file(old.directory.path / "okno.db", storage::SqliteDatabase::Mode::read, 1024);
    for (const std::string& table : storage::tables_of(file))
        CHECK_MESSAGE(copied.contains(table) == (table != "schema_version"), table);
    storage::PostgresDatabase moved(database.url);
    CHECK(storage::count_rows(moved, "inventions") == 2);
}

TEST_CASE("a move that is interrupted between any two tables goes on, and no server starts before its end" *
          doctest::skip(!on_postgres())) {
    Old old;
    const auto tables = old.move_to(TestDatabase()).tables;
    const TestDatabase database;
    for (const char* step : {"copying", "comparing"})
        for (const storage::CopiedTable& table : tables) {
            const std::string cut = std::string(step) + " " + table.name + ":";
            CHECK_THROWS_AS(old.move_to(database,
                                        [&](const std::string& what, std::int64_t, std::int64_t) {
                                            if (what.starts_with(cut)) throw PowerCut{};
                                        }),
                            PowerCut);
            CHECK_THROWS_WITH_AS(storage::open_storage({.directory = old.directory.path, .database = database.url}),
                                 doctest::Contains("did not come to its end"), std::runtime_error);
        }
    const auto again = old.move_to(database).tables;
    CHECK(std::ranges::equal(again, tables, {}, &storage::CopiedTable::there, &storage::CopiedTable::there));
    CHECK_NOTHROW(storage::open_storage({.directory = old.directory.path, .database = database.url}));
}

TEST_CASE("a move that is interrupted within a large table brings each row once" * doctest::skip(!on_postgres())) {
    Old old;
    old.change(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<4998) INSERT INTO contacts"
        " (workspace_id, id, name) SELECT (SELECT id FROM workspaces), randomblob(16), 'name ' || i FROM n");
    const TestDatabase database;
    int statements = 0;
    CHECK_THROWS_AS(old.move_to(database,
                                [&](const std::string& what, std::int64_t, std::int64_t) {
                                    if (what.starts_with("copying contacts:") && ++statements == 3) throw PowerCut{};
                                }),
                    PowerCut);
    {
        storage::PostgresDatabase half(database.url);
        CHECK(storage::count_rows(half, "contacts") == 4000);
    }
    std::vector<std::int64_t> done;
    const auto tables = old.move_to(database,
                                    [&](const std::string&, std::int64_t one, std::int64_t all) {
                                        CHECK(one <= all);
                                        done.push_back(one);
                                    })
                            .tables;
    CHECK(std::ranges::is_sorted(done));
    CHECK(std::ranges::find(tables, "contacts", &storage::CopiedTable::name)->there.rows == 5000);
}

TEST_CASE("the files are not changed by a move, also when their tables are older" * doctest::skip(!on_postgres())) {
    Old old;
    bool is_older = false;
    SUBCASE("of this version") {}
    SUBCASE("older") {
        old.change(
            "DROP INDEX conversations_of_channel; DROP INDEX conversations_waiting_of_channel; UPDATE schema_version "
            "SET version = version - 2");  // the step after it is PostgreSQL's alone
        is_older = true;
    }
    old.storage = {};
    const auto state = [&] {
        std::map<std::string, std::string> out;
        for (const auto& entry : fs::directory_iterator(old.directory.path))
            if (entry.path().extension() != ".db-shm") out[entry.path().filename()] = contents(entry.path());
        return out;
    };
    const auto before = state();
    const TestDatabase database;
    old.move_to(database);
    CHECK(state() == before);
    CHECK(is_older == (storage::SqliteDatabase(old.directory.path / "okno.db", storage::SqliteDatabase::Mode::read, 64)
                           .first("SELECT count(*) FROM sqlite_master WHERE name='conversations_of_channel'",
                                  [](const storage::Row& row) { return row.integer(0); }) == 0));
}

TEST_CASE("a database that is in use is refused and not changed" * doctest::skip(!on_postgres())) {
    Old old;
    Ground other;
    CHECK(says(refusal(old, other.database), "stop all its nodes first"));
    other.storage = {};
    CHECK(says(refusal(old, other.database), "Name an empty database"));
    other.storage = open_whole(other.directory.path, other.database.url);
    CHECK(read(*other.storage.store, [](StoreSession& s) { return s.workspaces(); }) == std::vector{other.workspace});
}

TEST_CASE("a move that came to its end is not repeated over what the new server did" * doctest::skip(!on_postgres())) {
    Old old;
    const TestDatabase database;
    old.move_to(database);
    CHECK(says(refusal(old, database), "all is done"));
}

TEST_CASE("an interrupted move goes on only from the same files" * doctest::skip(!on_postgres())) {
    Old one;
    Old two;
    const TestDatabase database;
    const auto cut = [](const std::string& what, std::int64_t, std::int64_t) {
        if (what.starts_with("comparing")) throw PowerCut{};
    };
    CHECK_THROWS_AS(one.move_to(database, cut), PowerCut);
    CHECK(says(refusal(two, database), "of another installation"));
    one.change("DELETE FROM outbox");
    CHECK(says(refusal(one, database), "of the table outbox there are 0 rows here and 1 there"));
    CHECK(says(refusal(one, database), "make the database anew"));
}

TEST_CASE("a directory that a server uses is not moved, nor one with another key" * doctest::skip(!on_postgres())) {
    Old old;
    const TestDatabase database;
    CHECK_THROWS_WITH_AS(storage::migrate_database(old.directory.path, database.url, no_progress),
                         doctest::Contains("in use by another Okno"), std::runtime_error);
    old.storage = {};
    std::ofstream(old.directory.path / "secret.key", std::ios::binary) << std::string(32, 'k');
    CHECK(says(refusal(old, database), "is not the key"));
}

TEST_CASE("what PostgreSQL holds in no text is taken out and counted" * doctest::skip(!on_postgres())) {
    Old old;
    old.change(
        "UPDATE messages SET body = 'a' || char(0) || 'b' WHERE direction = 0;"
        "UPDATE contacts SET name = CAST(x'41FF42' AS TEXT)");
    const TestDatabase database;
    CHECK(old.move_to(database).changed_rows == 3);
    storage::PostgresDatabase moved(database.url);
    const auto text = [](const storage::Row& row) { return row.text(0); };
    CHECK(moved.first("SELECT body FROM messages WHERE direction=0", text) == "ab");
    CHECK(moved.first("SELECT name FROM contacts", text) == "A\uFFFDB");
}
