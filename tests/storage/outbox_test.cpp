// The lanes of the outbox: what may leave, in what order, and what a crash leaves behind.
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

static OutboxRow a_row(const Ground& ground, const Conversation& conversation, Timestamp queued_at) {
    OutboxRow row;
    row.workspace = ground.workspace;
    row.channel = ground.channel.id;
    row.conversation = conversation.id;
    row.delivery = make_id<DeliveryId>();
    row.message = make_id<MessageId>();
    row.text = "hello";
    row.queued_at = queued_at;
    return row;
}

static std::vector<DeliveryId> due(const Ground& ground, Timestamp now) {
    std::vector<DeliveryId> out;
    const auto rows = read(*ground.storage.store, [&](StoreSession& session) {
        return session.due(ground.workspace, ground.channel.id, now, 10);
    });
    for (const OutboxRow& row : rows)
        out.push_back(row.delivery);
    return out;
}

TEST_CASE("only the oldest message of a conversation may leave") {
    Ground ground;
    OutboxRow first, second, other;
    ground.in_workspace([&](Transaction& tx) {
        const auto ann = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        const auto bob = tx.conversation_of(ground.channel.id, a_person("79260000000"), ground.now);
        first = a_row(ground, ann, ground.now);
        second = a_row(ground, ann, ground.now + 1ms);
        other = a_row(ground, bob, ground.now + 2ms);
        for (const OutboxRow& row : {second, other, first})
            tx.enqueue(row);
    });
    CHECK(due(ground, ground.now + 1s) == std::vector{first.delivery, other.delivery});
    write(*ground.storage.store, [&](StoreSession& session) {
        std::vector<OutboxRow> rows{first};
        session.mark_sending(rows);
        CHECK(rows.size() == 1);
        session.mark_sending(rows);
        CHECK(rows.empty());  // it is leaving already
    });
    CHECK(due(ground, ground.now + 1s) == std::vector{other.delivery});
    ground.in_workspace([&](Transaction& tx) { tx.remove_from_outbox(first.delivery); });
    CHECK(due(ground, ground.now + 1s) == std::vector{second.delivery, other.delivery});
}

TEST_CASE("the parts of a text stay together when another was queued in the same millisecond") {
    Ground ground;
    std::vector<DeliveryId> wanted;
    ground.in_workspace([&](Transaction& tx) {
        const auto ann = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        for (int message = 0; message < 2; ++message)
            for (int part = 0; part < 2; ++part) {
                OutboxRow row = a_row(ground, ann, ground.now);
                row.part = part;
                tx.enqueue(row);
                wanted.push_back(row.delivery);
            }
    });
    std::vector<DeliveryId> left;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto head = due(ground, ground.now);
        REQUIRE(head.size() == 1);
        left.push_back(head.front());
        ground.in_workspace([&](Transaction& tx) { tx.remove_from_outbox(head.front()); });
    }
    CHECK(left == wanted);
}

TEST_CASE("a postponed message holds those behind it until it is due") {
    Ground ground;
    OutboxRow first, second;
    ground.in_workspace([&](Transaction& tx) {
        const auto ann = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        first = a_row(ground, ann, ground.now);
        second = a_row(ground, ann, ground.now + 1ms);
        tx.enqueue(first);
        tx.enqueue(second);
        tx.postpone(first.delivery, 1, ground.now + 10s);
    });
    CHECK(due(ground, ground.now + 9s).empty());
    CHECK(due(ground, ground.now + 10s) == std::vector{first.delivery});
}

TEST_CASE("what was leaving when the process ended is found, and is never due by itself") {
    TemporaryDirectory directory;
    const Timestamp now = from_millis(1'795'000'000'000);
    OutboxRow row;
    {
        const storage::Storage storage = storage::open_storage({directory.path});
        write(*storage.store, [&](StoreSession& session) {
            row.workspace = session.make_workspace("Yasno", now);
            const Channel channel = a_channel(row.workspace, "1");
            Transaction& tx = session.in(row.workspace);
            tx.insert_channel(channel);
            row.channel = channel.id;
            row.conversation = tx.conversation_of(channel.id, a_person("79161234567"), now).id;
            row.delivery = make_id<DeliveryId>();
            row.queued_at = now;
            tx.enqueue(row);
            std::vector<OutboxRow> rows{row};
            session.mark_sending(rows);
        });
    }
    const storage::Storage storage = storage::open_storage({directory.path});
    const auto left = read(*storage.store, [](StoreSession& session) { return session.left_in_flight(); });
    REQUIRE(left.size() == 1);
    CHECK(left.front().delivery == row.delivery);
    CHECK(read(*storage.store, [&](StoreSession& session) {
              return session.due(row.workspace, row.channel, now + 24h, 10);
          }).empty());
}

TEST_CASE("what is read ahead twice is known once") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const auto ann = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        Message message;
        message.id = make_id<MessageId>();
        message.conversation = ann.id;
        message.direction = Direction::outbound;
        tx.insert_message_if_new(ground.channel.id, message);
        Delivery delivery;
        delivery.id = make_id<DeliveryId>();
        delivery.message = message.id;
        tx.insert_delivery(ground.channel.id, delivery);
        const std::size_t addresses = tx.addresses_of(ann.identity).size();
        for (int i = 0; i < 2; ++i) {
            Foreseen foreseen;
            foreseen.leaving = {message.id};
            tx.read_ahead({{ground.channel.id, foreseen}});
            CHECK(tx.deliveries(message.id).size() == 1);
            CHECK(tx.addresses_of(ann.identity).size() == addresses);
        }
    });
}
