// Edits, deletions and reactions: repeated, late, and of messages in several parts.
#include "support/talk.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

using Kind = MessageChange::Kind;

struct Customer : Talk {
    void change(const std::string& key, Kind kind, const std::string& target, const std::string& words, Timestamp at) {
        MessageChange what;
        what.from = a_person("79161234567");
        what.kind = kind;
        what.target = ProviderMessageId{target};
        what.key = key;
        what.text = words;
        what.provider_time = at;
        in_workspace([&](Transaction& tx) { record_event(tx, channel, messenger.traits(), {{}, what}, now + 1h); });
    }
    void echo(const std::string& id, const std::string& words, Timestamp at) {
        InboundMessage out;
        out.from = a_person("79161234567");
        out.provider_id = ProviderMessageId{id};
        out.author = AuthorKind::phone;
        out.text = words;
        out.provider_time = at;
        in_workspace([&](Transaction& tx) { record_event(tx, channel, messenger.traits(), {{}, out}, now); });
    }
    std::size_t count() {
        return in_workspace([&](Transaction& tx) { return tx.messages(conversation, std::nullopt, 100).size(); });
    }
    bool is_waiting() {
        return in_workspace([&](Transaction& tx) { return tx.conversation(conversation, std::nullopt)->waiting; });
    }
};

}  // namespace

TEST_CASE("a repeated reaction does not come back after it was taken away") {
    Customer kate;
    kate.change("wamid.R1", Kind::reaction, "wamid.Q", "👍", kate.now);
    kate.change("wamid.R2", Kind::reaction, "wamid.Q", "", kate.now);
    kate.change("wamid.R1", Kind::reaction, "wamid.Q", "👍", kate.now);
    CHECK(kate.message(kate.question).content == "{}");
}

TEST_CASE("of two edits that come in the wrong order the later one stays") {
    Customer kate;
    kate.change("wamid.E2", Kind::edit, "wamid.Q", "second", kate.now + 2s);
    kate.change("wamid.E1", Kind::edit, "wamid.Q", "first", kate.now + 1s);
    CHECK(kate.message(kate.question).text == "second");
}

TEST_CASE("edits that come before their message, repeated and in the wrong order, end as the last one") {
    Customer kate;
    kate.change("wamid.E2", Kind::edit, "wamid.N", "second", kate.now + 2s);
    kate.change("wamid.E1", Kind::edit, "wamid.N", "first", kate.now + 1s);
    kate.change("wamid.E2", Kind::edit, "wamid.N", "second", kate.now + 2s);
    kate.change("wamid.D", Kind::remove, "wamid.N", "", kate.now + 3s);
    kate.in_workspace([&](Transaction& tx) {
        record_event(tx, kate.channel, kate.messenger.traits(),
                     kate.messenger.parse("wamid.N 79161234567 mistyped").events.front(), kate.now + 2h);
        const auto message = tx.message_by_provider_id(kate.channel.id, ProviderMessageId{"wamid.N"});
        CHECK(message->text == "second");
        CHECK(message->is_edited);
        CHECK(message->is_deleted);
    });
}

TEST_CASE("a reaction and a reply find their message by any part of it and by any attempt") {
    Customer kate;
    const auto composed = kate.send(kate.text("0123456789abcdefghij"), kate.now);
    const MessageId id = composed->message.id;
    const Leaving first = kate.deliver("wamid.1", kate.now);
    kate.deliver("wamid.2", kate.now);
    kate.report(first, MessageStatus::failed);
    REQUIRE(kate.try_again(id, 1, kate.now));
    kate.deliver("wamid.3", kate.now);
    for (const char* part : {"wamid.1", "wamid.2", "wamid.3"}) {
        kate.change(std::string(part) + "/on", Kind::reaction, part, "👍", kate.now);
        CHECK(kate.message(id).content == R"({"reaction":"👍"})");
        kate.change(std::string(part) + "/off", Kind::reaction, part, "", kate.now);
        CHECK(kate.message(id).content == "{}");
        InboundMessage reply;
        reply.from = a_person("79161234567");
        reply.provider_id = ProviderMessageId{std::string(part) + "/reply"};
        reply.reply_to = ProviderMessageId{part};
        kate.in_workspace([&](Transaction& tx) {
            record_event(tx, kate.channel, kate.messenger.traits(), {{}, reply}, kate.now);
            CHECK(tx.message_by_provider_id(kate.channel.id, reply.provider_id)->reply_to == id);
        });
    }
}

TEST_CASE("an echo of what we sent ourselves makes no second message") {
    Customer kate;
    kate.send(kate.text("hello"), kate.now);
    kate.deliver("wamid.O", kate.now);
    const std::size_t before = kate.count();
    kate.echo("wamid.O", "hello", kate.now);
    CHECK(kate.count() == before);
}

TEST_CASE("an answer typed on the phone that comes late does not end the waiting for a newer question") {
    Customer kate;
    kate.echo("wamid.E1", "one moment", kate.now - 5min);
    CHECK(kate.is_waiting());
    kate.echo("wamid.E2", "here it is", kate.now - 10s);
    CHECK_FALSE(kate.is_waiting());
}

TEST_CASE("a refusal that the provider repeats does not close a window that the customer opened since") {
    Customer kate;
    const auto composed = kate.send(kate.text("hello"), kate.now);
    const Leaving leaving = kate.deliver("wamid.O", kate.now);
    const auto refuse = [&](Timestamp arrival) {
        StatusReport refused;
        refused.provider_id = ProviderMessageId{"wamid.O"};
        refused.status = MessageStatus::failed;
        refused.time = kate.now;
        refused.closes_window = true;
        kate.in_workspace(
            [&](Transaction& tx) { record_event(tx, kate.channel, kate.messenger.traits(), {{}, refused}, arrival); });
        return kate.in_workspace(
            [&](Transaction& tx) { return *tx.conversation(kate.conversation, std::nullopt)->window_closes_at; });
    };
    CHECK(refuse(kate.now + 1s) == kate.now + 1s);
    kate.in_workspace([&](Transaction& tx) {
        record_event(tx, kate.channel, kate.messenger.traits(),
                     kate.messenger.parse("wamid.N 79161234567 still there?").events.front(), kate.now + 1h);
    });
    CHECK(refuse(kate.now + 2h) == kate.now + 25h);
}

TEST_CASE("a channel that an admin paused stays paused whatever is said of its account") {
    using News = ChannelNotice::Kind;
    Customer kate;
    const auto notice = [&](News news) {
        return kate.in_workspace([&](Transaction& tx) {
            record_event(tx, *tx.channel(kate.channel.id), kate.messenger.traits(), {{}, ChannelNotice{news, {}}},
                         kate.now);
            return tx.channel(kate.channel.id)->state;
        });
    };
    kate.in_workspace([&](Transaction& tx) {
        Channel paused = kate.channel;
        paused.state = ChannelState::paused;
        tx.save_channel(paused);
    });
    CHECK(notice(News::broken) == ChannelState::paused);
    CHECK(notice(News::working) == ChannelState::paused);
}
