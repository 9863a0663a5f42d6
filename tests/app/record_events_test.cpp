// What becomes of provider events, over the real storage.
#include "app/record_events.hpp"

#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace okno;
using namespace okno::tests;

static const MessengerTraits limited{.reply_window = 24h, .has_templates = true};

static ProviderEvent text_event(const std::string& id, const std::string& text, Timestamp time) {
    InboundMessage inbound;
    inbound.from = a_person("79161234567");
    inbound.provider_id = ProviderMessageId{id};
    inbound.text = text;
    inbound.provider_time = time;
    return {{}, inbound};
}

static StatusReport report(const std::string& id, MessageStatus status, Timestamp time) {
    StatusReport out;
    out.provider_id = ProviderMessageId{id};
    out.status = status;
    out.time = time;
    return out;
}

// An outbound message of one delivery, as a dispatcher leaves it.
static MessageId sent_message(Transaction& tx, const Ground& ground, const std::string& provider_id, int attempts = 1) {
    const auto conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
    Message message;
    message.id = make_id<MessageId>();
    message.conversation = conversation.id;
    message.direction = Direction::outbound;
    message.status = MessageStatus::sent;
    message.created_at = message.position = ground.now;
    tx.insert_message_if_new(ground.channel.id, message);
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        Delivery delivery;
        delivery.id = make_id<DeliveryId>();
        delivery.message = message.id;
        delivery.attempt = attempt;
        delivery.status = MessageStatus::sent;
        delivery.provider_id = ProviderMessageId{provider_id + (attempt == 1 ? "" : "-" + std::to_string(attempt))};
        tx.insert_delivery(ground.channel.id, delivery);
    }
    refresh_message(tx, ground.channel.id, message.id);
    return message.id;
}

TEST_CASE("four deliveries of one webhook make one message") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        for (int i = 0; i < 4; ++i)
            record_event(tx, ground.channel, limited, text_event("wamid.A", "hello", ground.now), ground.now);
        const auto list = tx.conversations({}, make_id<UserId>());
        REQUIRE(list.size() == 1);
        CHECK(tx.messages(list.front().id, std::nullopt, 10).size() == 1);
    });
}

TEST_CASE("two quick first messages are one contact and one conversation, in their order") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        record_event(tx, ground.channel, limited, text_event("wamid.B", "second", ground.now - 1s), ground.now);
        record_event(tx, ground.channel, limited, text_event("wamid.A", "first", ground.now - 2s), ground.now);
        const auto list = tx.conversations({}, make_id<UserId>());
        REQUIRE(list.size() == 1);
        const auto messages = tx.messages(list.front().id, std::nullopt, 10);
        REQUIRE(messages.size() == 2);
        CHECK(messages[0].text == "second");
        CHECK(messages[1].text == "first");
        CHECK(list.front().last_message == messages[0].id);
    });
}

TEST_CASE("a customer's message opens the window from the provider's time and waits for an answer") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        record_event(tx, ground.channel, limited, text_event("wamid.A", "hello", ground.now - 5min), ground.now);
        const auto conversation = tx.conversations({}, make_id<UserId>()).front();
        CHECK(conversation.window_closes_at == ground.now - 5min + 24h);
        CHECK(conversation.waiting);
    });
}

TEST_CASE("an echo from the phone app is ours, opens no window and ends the waiting") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        record_event(tx, ground.channel, limited, text_event("wamid.A", "hello", ground.now - 1h), ground.now - 1h);
        ProviderEvent echo = text_event("wamid.E", "answered on the phone", ground.now);
        std::get<InboundMessage>(echo.what).author = AuthorKind::phone;
        record_event(tx, ground.channel, limited, echo, ground.now);
        const auto conversation = tx.conversations({}, make_id<UserId>()).front();
        CHECK_FALSE(conversation.waiting);
        CHECK(conversation.window_closes_at == ground.now + 23h);
        CHECK(tx.messages(conversation.id, std::nullopt, 1).front().direction == Direction::outbound);
    });
}

TEST_CASE("what a provider tells without a time happened when it came") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const MessageId id = sent_message(tx, ground, "100200:76");
        const ProviderEvent event{{}, report("100200:76", MessageStatus::read, Timestamp{})};
        record_event(tx, ground.channel, limited, event, ground.now + 1min);
        const auto message = tx.message(id);
        CHECK(message->status_times[static_cast<std::size_t>(MessageStatus::read)] == ground.now + 1min);
    });
}

TEST_CASE("in whatever order statuses arrive, the message ends as read, with the time of each") {
    std::vector<MessageStatus> order{MessageStatus::sent, MessageStatus::delivered, MessageStatus::read};
    do {
        Ground ground;
        ground.in_workspace([&](Transaction& tx) {
            const MessageId id = sent_message(tx, ground, "wamid.O");
            for (const MessageStatus status : order)
                record_status(tx, ground.channel, limited, report("wamid.O", status, ground.now), ground.now);
            const auto message = tx.message(id);
            CHECK(message->status == MessageStatus::read);
            for (const MessageStatus status : order)
                CHECK(message->status_times[static_cast<std::size_t>(status)] == ground.now);
        });
    } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("a status before our own note of the sending is applied once the id is known") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        record_status(tx, ground.channel, limited, report("wamid.O", MessageStatus::delivered, ground.now), ground.now);
        const MessageId id = sent_message(tx, ground, "wamid.O");
        CHECK(tx.message(id)->status == MessageStatus::sent);
        apply_waiting(tx, ground.channel, limited, ProviderMessageId{"wamid.O"}, ground.now);
        CHECK(tx.message(id)->status == MessageStatus::delivered);
    });
}

TEST_CASE("a late failure of an earlier attempt does not spoil the retry, a late delivery is shown") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const MessageId id = sent_message(tx, ground, "wamid.O", 2);
        record_status(tx, ground.channel, limited, report("wamid.O", MessageStatus::failed, ground.now), ground.now);
        CHECK(tx.message(id)->status == MessageStatus::sent);
        CHECK(tx.message(id)->attempt == 2);
        record_status(tx, ground.channel, limited, report("wamid.O", MessageStatus::delivered, ground.now), ground.now);
        CHECK(tx.message(id)->status == MessageStatus::delivered);
    });
}

TEST_CASE("a provider's refusal because of the window closes it here too") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        record_event(tx, ground.channel, limited, text_event("wamid.A", "hello", ground.now), ground.now);
        const MessageId id = sent_message(tx, ground, "wamid.O");
        StatusReport failed = report("wamid.O", MessageStatus::failed, ground.now);
        failed.error_code = "window_closed";
        failed.error_message = "More than 24 hours have passed";
        failed.closes_window = true;
        record_status(tx, ground.channel, limited, failed, ground.now + 1min);
        CHECK(tx.message(id)->error_code == "window_closed");
        CHECK(tx.message(id)->error_message == "More than 24 hours have passed");
        CHECK(tx.conversations({}, make_id<UserId>()).front().window_closes_at == ground.now + 1min);
    });
}

TEST_CASE("an edit, a deletion and a reaction before their message wait for it") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        for (const auto kind : {MessageChange::Kind::edit, MessageChange::Kind::reaction}) {
            MessageChange change;
            change.from = a_person("79161234567");
            change.kind = kind;
            change.target = ProviderMessageId{"wamid.A"};
            change.text = kind == MessageChange::Kind::edit ? "corrected" : "👍";
            record_event(tx, ground.channel, limited, {{}, change}, ground.now);
        }
        record_event(tx, ground.channel, limited, text_event("wamid.A", "mistyped", ground.now), ground.now);
        const auto message = tx.message_by_provider_id(ground.channel.id, ProviderMessageId{"wamid.A"});
        REQUIRE(message);
        CHECK(message->text == "corrected");
        CHECK(message->is_edited);
        CHECK(message->content == R"({"reaction":"👍"})");
    });
}

TEST_CASE("a report of a message that is still queued takes it out of the outbox: it has left") {
    Ground ground;
    const Timestamp now = ground.now;
    ground.in_workspace([&](Transaction& tx) {
        const MessageId id = sent_message(tx, ground, "");
        const Delivery delivery = tx.deliveries(id).front();
        OutboxRow row;
        row.workspace = ground.workspace;
        row.channel = ground.channel.id;
        row.conversation = tx.message(id)->conversation;
        row.delivery = delivery.id;
        row.message = id;
        row.queued_at = now;
        tx.enqueue(row);
        StatusReport sent = report("wamid.O", MessageStatus::sent, now);
        sent.reference = delivery.id.value().text();
        record_status(tx, ground.channel, limited, sent, now);
        CHECK(tx.message(id)->provider_id.value() == "wamid.O");
    });
    CHECK(read(*ground.storage.store, [&](StoreSession& session) {
              return session.channels_with_due(now + 1s);
          }).empty());
}

TEST_CASE("the account's news break a channel, a warning does not hide why, and what works again sends at once") {
    Ground ground;
    using Kind = ChannelNotice::Kind;
    const auto after = [&](Kind kind, const char* reason) {
        return ground.in_workspace([&](Transaction& tx) {
            record_event(tx, ground.channel, limited, {{}, ChannelNotice{kind, reason}}, ground.now);
            return *tx.channel(ground.channel.id);
        });
    };
    CHECK(after(Kind::warning, "soon").state == ChannelState::connecting);
    CHECK(after(Kind::broken, "disabled").state == ChannelState::broken);
    CHECK(after(Kind::warning, "late").state_reason == "disabled");
    CHECK(after(Kind::working, "").state == ChannelState::connected);
    CHECK(after(Kind::working, "").state_reason.empty());
}

TEST_CASE("what an admin paused stays paused, whatever the provider says of the account") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        Channel paused = *tx.channel(ground.channel.id);
        paused.state = ChannelState::paused;
        tx.save_channel(paused);
        for (const auto kind : {ChannelNotice::Kind::working, ChannelNotice::Kind::broken}) {
            record_event(tx, ground.channel, limited, {{}, ChannelNotice{kind, "disabled"}}, ground.now);
            CHECK(tx.channel(ground.channel.id)->state == ChannelState::paused);
        }
        CHECK(tx.channel(ground.channel.id)->state_reason == "disabled");
    });
}

TEST_CASE("the provider's price and the person's other names are kept from the report that tells them") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const MessageId id = sent_message(tx, ground, "wamid.O");
        StatusReport sent = report("wamid.O", MessageStatus::sent, ground.now);
        sent.price = R"({"category":"utility"})";
        sent.to = a_person("79161234567", "RU.1").addresses;
        record_event(tx, ground.channel, limited, {{}, sent}, ground.now);
        record_event(tx, ground.channel, limited, {{}, report("wamid.O", MessageStatus::read, ground.now)}, ground.now);
        CHECK(tx.message(id)->price == R"({"category":"utility"})");
        const auto conversation = tx.conversation_of(ground.channel.id, a_person("", "RU.1"), ground.now);
        CHECK(conversation.id == tx.message(id)->conversation);
        CHECK(tx.conversation(conversation.id, std::nullopt)->external_id == "RU.1");
    });
}

TEST_CASE("what merely happened stands in the conversation, but waits for nobody and answers nobody") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        record_event(tx, ground.channel, limited, text_event("wamid.A", "hello", ground.now - 1h), ground.now - 1h);
        ProviderEvent happened = text_event("wamid.B", "Ann changed her number", ground.now);
        std::get<InboundMessage>(happened.what).is_event = true;
        for (int i = 0; i < 2; ++i)
            record_event(tx, ground.channel, limited, happened, ground.now);
        const auto conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        const auto messages = tx.messages(conversation.id, std::nullopt, 10);
        REQUIRE(messages.size() == 2);
        CHECK(messages.front().direction == Direction::event);
        CHECK(conversation.last_message == messages.back().id);
        CHECK(conversation.waiting);
        CHECK(conversation.window_closes_at == ground.now - 1h + 24h);
    });
}
