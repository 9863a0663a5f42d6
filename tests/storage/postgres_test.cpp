// What only a database server can do to us: lose connections and answers, restart, run several writers and nodes.
// Run by tools/with_postgres.py.
#include "support/cutting_proxy.hpp"
#include "support/storage_fixture.hpp"

#include "app/dispatch.hpp"
#include "domain/partition.hpp"
#include "storage/postgres/postgres_store.hpp"
#include "storage/postgres/statistics.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <latch>
#include <thread>

using namespace okno;
using namespace okno::tests;
namespace fs = std::filesystem;

static const bool has_no_server = std::getenv("OKNO_TEST_POSTGRES") == nullptr;

static std::uint16_t port_of(const std::string& url) {
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

template <typename Condition>
static void wait_until(Condition condition) {
    for (int i = 0; i < 30'000 && !condition(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    REQUIRE(condition());
}

// A node whose connections go through a proxy.
struct FarGround {
    TemporaryDirectory directory;
    TestDatabase database;
    CuttingProxy proxy{port_of(database.url)};
    storage::Storage storage = open_whole(directory.path, database.by_port(proxy.port()));
    Timestamp now = from_millis(1'795'000'000'000);
    WorkspaceId workspace = write(*storage.store, [&](StoreSession& s) { return s.make_workspace("Yasno", now); });
    Channel channel = a_channel(workspace, "1234567890");

    FarGround() {
        write(*storage.store, [&](StoreSession& s) { s.in(workspace).insert_channel(channel); });
    }

    IntakeRow webhook(const std::string& bytes) const { return {0, channel.id, now, "", bytes, workspace}; }
    void note() {
        write(*storage.store, [&](StoreSession& s) { s.in(workspace).note_change("message", make_uuid()); });
    }
    std::int64_t noted() {
        return read(*storage.store, [&](StoreSession& s) { return s.in(workspace).last_seq(); });
    }
};

TEST_CASE("a commit whose answer is lost is carried out once" * doctest::skip(has_no_server)) {
    FarGround ground;
    for (const auto where : {CuttingProxy::Cut::before_commit, CuttingProxy::Cut::after_commit}) {
        const std::int64_t before = ground.noted();
        const int cuts = ground.proxy.cuts();
        ground.proxy.cut_next(where);
        ground.note();
        CHECK(ground.proxy.cuts() == cuts + 1);
        CHECK(ground.noted() == before + 1);
    }
}

TEST_CASE("a webhook whose commit got no answer is kept once" * doctest::skip(has_no_server)) {
    FarGround ground;
    for (const auto where : {CuttingProxy::Cut::before_commit, CuttingProxy::Cut::after_commit}) {
        ground.proxy.cut_next(where);
        append(*ground.storage.intake, ground.webhook("one"));
        const auto rows = ground.storage.intake->waiting(10);
        CHECK(rows.size() == 1);
        mark_applied(ground.storage, rows);
    }
}

TEST_CASE("the newest webhooks of a channel can be looked at, also once they are applied" *
          doctest::skip(has_no_server)) {
    FarGround ground;
    for (const char* bytes : {"one", "two", "three"})
        append(*ground.storage.intake, ground.webhook(bytes));
    IntakeRow of_another = ground.webhook("of another");
    of_another.channel = make_id<ChannelId>();
    append(*ground.storage.intake, of_another);
    mark_applied(ground.storage, ground.storage.intake->waiting(10));
    const auto rows = ground.storage.intake->recent(ground.channel.id, 2);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].bytes == "three");
    CHECK(rows[1].bytes == "two");
    CHECK(rows[0].number > rows[1].number);
}

TEST_CASE("connections that the server ended are made anew, for reading and for writing" *
          doctest::skip(has_no_server)) {
    Ground ground;
    storage::PostgresDatabase admin(ground.database.url);
    admin.script(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname=current_database() AND"
        " pid<>pg_backend_pid()");
    for (int i = 0; i < 10; ++i) {
        ground.in_workspace([&](Transaction& tx) { tx.note_change("message", make_uuid()); });
        CHECK(read(*ground.storage.store, [&](StoreSession& s) { return s.in(ground.workspace).last_seq(); }) == i + 1);
    }
}

TEST_CASE("while the database is away webhooks are acknowledged, and come in their order, each once, when it is back" *
          doctest::skip(has_no_server)) {
    FarGround ground;
    append(*ground.storage.intake, ground.webhook("0"));
    ground.proxy.close();
    for (int i = 1; i < 6; ++i)
        append(*ground.storage.intake, ground.webhook(std::to_string(i)));
    CHECK_THROWS_AS(ground.note(), StoreUnavailable);
    CHECK_THROWS_AS(ground.noted(), StoreUnavailable);
    ground.proxy.open();
    append(*ground.storage.intake, ground.webhook("6"));
    std::vector<IntakeRow> rows;
    wait_until([&] {
        try {
            rows = ground.storage.intake->waiting(100);
        } catch (const StoreUnavailable&) {
        }
        return rows.size() >= 7;
    });
    std::string order;
    for (const IntakeRow& row : rows)
        order += row.bytes;
    CHECK(order == "0123456");
    CHECK(rows.back().workspace == ground.workspace);
}

TEST_CASE("what waited on this machine survives its restart while the database is away" *
          doctest::skip(has_no_server)) {
    FarGround ground;
    ground.proxy.close();
    append(*ground.storage.intake, ground.webhook("waits"));
    ground.storage = {};
    ground.proxy.open();
    ground.storage = open_whole(ground.directory.path, ground.database.by_port(ground.proxy.port()));
    wait_until([&] { return !ground.storage.intake->waiting(10).empty(); });
    CHECK(ground.storage.intake->waiting(10).front().bytes == "waits");
}

TEST_CASE("a webhook whose number is lower and whose commit is later is applied" * doctest::skip(has_no_server)) {
    Ground ground;
    storage::PostgresDatabase slow(ground.database.url);
    slow.begin("BEGIN");
    slow.exec(
        "INSERT INTO intake (workspace_id, channel_id, partition, received_at, proof, raw)"
        " VALUES ($1, $2, $3, 0, '', $4)",
        ground.workspace, ground.channel.id, partition_of(ground.channel.id), storage::Blob{"first"});
    append(*ground.storage.intake, {0, ground.channel.id, ground.now, "", "second", ground.workspace});
    const auto seen = ground.storage.intake->waiting(10);
    REQUIRE(seen.size() == 1);
    CHECK(seen.front().bytes == "second");
    mark_applied(ground.storage, seen);
    slow.commit();
    const auto later = ground.storage.intake->waiting(10);
    REQUIRE(later.size() == 1);
    CHECK(later.front().bytes == "first");
    CHECK(later.front().number < seen.front().number);
}

TEST_CASE("a webhook that another node applied is not applied again" * doctest::skip(has_no_server)) {
    Ground ground;
    append(*ground.storage.intake, {0, ground.channel.id, ground.now, "", "one", ground.workspace});
    const auto rows = ground.storage.intake->waiting(10);
    mark_applied(ground.storage, rows);
    CHECK_THROWS_AS(mark_applied(ground.storage, rows), StoreUnavailable);
}

TEST_CASE("two writers that lock each other out both end well" * doctest::skip(has_no_server)) {
    Ground ground;
    const auto talk = [&](const std::string& phone) {
        return ground.in_workspace(
            [&](Transaction& tx) { return tx.conversation_of(ground.channel.id, a_person(phone), ground.now).id; });
    };
    const ConversationId one = talk("79160000001");
    const ConversationId two = talk("79160000002");
    std::latch both_hold(2);
    const auto crossing = [&](ConversationId first, ConversationId second) {
        return [&, first, second, runs = std::make_shared<int>(0)](StoreSession& session) {
            Transaction& tx = session.in(ground.workspace);
            tx.lock_conversation(first);
            if ((*runs)++ == 0) both_hold.arrive_and_wait();
            tx.lock_conversation(second);
            tx.note_change("conversation", first.value());
        };
    };
    std::promise<void> a;
    std::promise<void> b;
    const auto ends = [](std::promise<void>& done) {
        return [&done](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); };
    };
    ground.storage.store->write(crossing(one, two), ends(a));
    ground.storage.store->write_later(crossing(two, one), ends(b));  // a writer of its own
    CHECK_NOTHROW(a.get_future().get());
    CHECK_NOTHROW(b.get_future().get());
}

TEST_CASE("a person who appears to two writers at once is one conversation" * doctest::skip(has_no_server)) {
    Ground ground;
    for (int i = 0; i < 20; ++i) {
        std::vector<std::future<ConversationId>> found;
        for (int writer = 0; writer < 3; ++writer)
            found.push_back(std::async(std::launch::async, [&] {
                return ground.in_workspace([&](Transaction& tx) {
                    return tx
                        .conversation_of(ground.channel.id, a_person("7916000" + std::to_string(1000 + i)), ground.now)
                        .id;
                });
            }));
        std::set<ConversationId> ids;
        for (auto& one : found)
            ids.insert(one.get());
        CHECK(ids.size() == 1);
    }
}

// A second node on the same database, with leases that end soon.
struct Node {
    TemporaryDirectory directory;
    storage::Connector connector;
    storage::Leases leases;
    SealingKey key;
    std::unique_ptr<storage::PostgresStore> store;

    Node(const std::string& url, const fs::path& key_file)
        : connector(url), leases(connector, {.lease = 900ms, .renew = 100ms}) {
        std::ifstream(key_file, std::ios::binary).read(reinterpret_cast<char*>(key.bytes.data()), 32);
        store = std::make_unique<storage::PostgresStore>(connector, key, leases, storage::PostgresStore::Committed{});
    }

    int owned() const {
        int count = 0;
        for (int i = 0; i < partition_count; ++i)
            if (leases.epoch_of(i)) ++count;
        return count;
    }
};

// A message of one channel that is due, in a database where nobody owns anything yet.
struct SharedGround {
    Ground ground;
    OutboxRow row;
    fs::path key = ground.directory.path / "secret.key";
    int partition = partition_of(ground.channel.id);

    SharedGround() {
        ground.in_workspace([&](Transaction& tx) {
            Message message;
            message.id = make_id<MessageId>();
            message.conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now).id;
            message.direction = Direction::outbound;
            tx.insert_message_if_new(ground.channel.id, message);
            Delivery delivery;
            delivery.id = make_id<DeliveryId>();
            delivery.message = message.id;
            tx.insert_delivery(ground.channel.id, delivery);
            row = {ground.workspace, ground.channel.id, message.conversation, delivery.id, message.id};
            row.queued_at = ground.now;
            tx.enqueue(row);
        });
        ground.storage = {};
    }

    bool take(Node& node) {
        return write(*node.store, [&](StoreSession& session) {
            std::vector<OutboxRow> rows{row};
            session.mark_sending(rows);
            if (!rows.empty()) row = rows.front();
            return !rows.empty();
        });
    }
    MessageStatus status(Node& node) {
        return read(*node.store, [&](StoreSession& session) {
            return session.in(ground.workspace).deliveries(row.message).front().status;
        });
    }
};

TEST_CASE("nodes share the work evenly as they come, and take over what a dead one had" *
          doctest::skip(has_no_server)) {
    SharedGround shared;
    Node first(shared.ground.database.url, shared.key);
    first.leases.start({}, {});
    wait_until([&] { return first.owned() == partition_count; });
    {
        Node second(shared.ground.database.url, shared.key);
        second.leases.start({}, {});
        wait_until([&] { return first.owned() == partition_count / 2 && second.owned() == partition_count / 2; });
        Node third(shared.ground.database.url, shared.key);
        third.leases.start({}, {});
        wait_until([&] { return first.owned() >= 21 && second.owned() >= 20 && third.owned() >= 20; });
        for (int i = 0; i < partition_count; ++i)
            CHECK((first.leases.epoch_of(i) ? 1 : 0) + (second.leases.epoch_of(i) ? 1 : 0) +
                      (third.leases.epoch_of(i) ? 1 : 0) <=
                  1);
        second.leases.stop();  // as a process that hangs: it renews nothing and gives nothing back
        wait_until([&] { return first.owned() + third.owned() == partition_count; });
    }
    wait_until([&] { return first.owned() == partition_count; });
}

TEST_CASE("a partition on which something is leaving is handed on when that has ended" * doctest::skip(has_no_server)) {
    SharedGround shared;
    std::atomic<bool> is_busy = true;
    Node first(shared.ground.database.url, shared.key);
    first.leases.start({}, [&](int) { return is_busy.load(); });
    wait_until([&] { return first.owned() == partition_count; });
    const int last = partition_count - 1;
    const auto epoch = first.leases.epoch_of(last);
    Node second(shared.ground.database.url, shared.key);
    second.leases.start({}, {});
    wait_until([&] { return first.owned() == partition_count / 2; });
    CHECK(first.leases.holds(last, *epoch));  // what is on its way may still be noted
    CHECK(second.owned() == 0);
    is_busy = false;
    wait_until([&] { return second.owned() == partition_count / 2; });
    CHECK_FALSE(first.leases.holds(last, *epoch));
}

TEST_CASE("a node that slept past its lease can neither take nor note, and what it was sending is unknown" *
          doctest::skip(has_no_server)) {
    SharedGround shared;
    Node sleeper(shared.ground.database.url, shared.key);
    sleeper.leases.start({}, {});
    wait_until([&] { return sleeper.owned() == partition_count; });
    REQUIRE(shared.take(sleeper));
    sleeper.leases.stop();
    const Leaving leaving{shared.row, shared.ground.channel, nullptr, {}};

    Node next(shared.ground.database.url, shared.key);
    next.leases.start({}, {});
    wait_until([&] { return next.owned() == partition_count; });
    CHECK(write(*next.store, [&](StoreSession& s) { return settle_left_in_flight(s, shared.ground.now); }) == 1);
    CHECK(shared.status(next) == MessageStatus::unknown);

    CHECK_FALSE(sleeper.leases.holds(shared.partition, shared.row.epoch));
    const auto note = [&](StoreSession& s) -> bool {
        return note_outcomes(s, {{leaving, Accepted{ProviderMessageId{"wamid.late"}}}}, shared.ground.now).front();
    };
    CHECK_FALSE(write(*sleeper.store, note));
    CHECK(shared.status(next) == MessageStatus::unknown);
    CHECK_FALSE(shared.take(sleeper));
    CHECK(read(*sleeper.store, [&](StoreSession& s) { return s.channels_with_due(shared.ground.now); }).empty());
}

TEST_CASE("a partition that was taken by a statement whose answer was lost is used, not only renewed" *
          doctest::skip(has_no_server)) {
    SharedGround shared;
    Node node(shared.ground.database.url, shared.key);
    storage::PostgresDatabase admin(shared.ground.database.url);
    admin.exec(
        "UPDATE partitions SET owner=$1, epoch=70,"
        " lease_until=(extract(epoch FROM clock_timestamp())*1000)::bigint+60000 WHERE id=5",
        node.leases.node());
    std::set<int> taken;
    node.leases.start([&](const std::set<int>& partitions) { taken.insert(partitions.begin(), partitions.end()); }, {});
    wait_until([&] { return node.owned() == partition_count; });
    CHECK(node.leases.epoch_of(5) == 70);
    node.leases.stop();
    CHECK(taken.contains(5));
}

TEST_CASE("a second node is refused until all of them say where they share files" * doctest::skip(has_no_server)) {
    SharedGround shared;
    const auto connector = std::make_unique<storage::Connector>(shared.ground.database.url);
    const storage::AboutNode about{"a:/data", false};
    auto first = std::make_unique<storage::Leases>(*connector, storage::LeaseTimes{900ms, 100ms}, about);
    const auto begin = [](storage::Leases& leases) {
        leases.start({}, {});
        wait_until([&] { return leases.epoch_of(0).has_value(); });
    };
    first->check_files_are_shared();
    begin(*first);
    storage::Leases second(*connector, {}, {"b:/data", true});
    CHECK_THROWS_WITH(second.check_files_are_shared(), doctest::Contains("set `media`"));
    storage::Leases again(*connector, {}, about);  // a run in the same place is no second node
    again.check_files_are_shared();
    first = std::make_unique<storage::Leases>(*connector, storage::LeaseTimes{900ms, 100ms},
                                              storage::AboutNode{"a:/data", true});
    begin(*first);
    second.check_files_are_shared();
}

TEST_CASE("the database refuses an epoch that has passed whatever the node believes" * doctest::skip(has_no_server)) {
    SharedGround shared;
    Node node(shared.ground.database.url, shared.key);
    node.leases.start({}, {});
    wait_until([&] { return node.owned() == partition_count; });
    storage::PostgresDatabase admin(shared.ground.database.url);
    node.leases.stop();
    admin.exec("UPDATE partitions SET epoch=epoch+1, owner='another' WHERE id=$1", shared.partition);
    // Within its lease the node still believes that the partition is its own.
    CHECK_FALSE(shared.take(node));
}

TEST_CASE("a status that comes while the outcome is noted never takes the delivery back" *
          doctest::skip(has_no_server)) {
    Ground ground;
    Delivery delivery;
    ground.in_workspace([&](Transaction& tx) {
        Message message;
        message.id = make_id<MessageId>();
        message.conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now).id;
        tx.insert_message_if_new(ground.channel.id, message);
        delivery.id = make_id<DeliveryId>();
        delivery.message = message.id;
        tx.insert_delivery(ground.channel.id, delivery);
    });
    // Each reads, decides and writes; without the lock one would overwrite the other.
    const auto raise = [&](MessageStatus status) {
        return std::async(std::launch::async, [&, status] {
            ground.in_workspace([&](Transaction& tx) {
                tx.lock_conversation_of(delivery.message);
                Delivery stored = tx.deliveries(delivery.message).front();
                stored.status = advance(stored.status, status);
                stored.status_times[static_cast<std::size_t>(status)] = ground.now;
                tx.save_delivery(ground.channel.id, stored);
            });
        });
    };
    auto sent = raise(MessageStatus::sent);
    auto read = raise(MessageStatus::read);
    auto delivered = raise(MessageStatus::delivered);
    sent.get();
    read.get();
    delivered.get();
    ground.in_workspace([&](Transaction& tx) {
        const Delivery stored = tx.deliveries(delivery.message).front();
        CHECK(stored.status == MessageStatus::read);
        for (const MessageStatus status : {MessageStatus::sent, MessageStatus::delivered, MessageStatus::read})
            CHECK(stored.status_times[static_cast<std::size_t>(status)].has_value());
    });
}

TEST_CASE("tables that grow fast are analysed without waiting for the server's own care" *
          doctest::skip(has_no_server)) {
    TemporaryDirectory directory;
    TestDatabase database;
    const storage::Storage storage = open_whole(directory.path, database.url);
    const Timestamp now = from_millis(1'795'000'000'000);
    const auto workspace = write(*storage.store, [&](StoreSession& s) { return s.make_workspace("Yasno", now); });
    write(*storage.store, [&](StoreSession& s) {
        for (int i = 0; i < 500; ++i)
            s.in(workspace).note_change("message", make_uuid());
    });
    const auto connection = storage::Connector(database.url).connect();
    const auto is_analysed = [&] {
        storage::Statistics().refresh(*connection);  // the server counts what changed a moment later
        return connection
            ->first(
                "SELECT CASE WHEN last_analyze IS NULL THEN 0 ELSE 1 END::bigint FROM pg_stat_user_tables WHERE "
                "relname='changes'",
                [](const storage::Row& row) { return row.integer(0) == 1; })
            .value();
    };
    wait_until(is_analysed);
}
