// What every storage engine must hold.
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

using namespace okno;
using namespace okno::tests;

static Message a_message(ConversationId conversation, const std::string& provider_id, Timestamp position) {
    Message message;
    message.id = make_id<MessageId>();
    message.conversation = conversation;
    message.text = "Добрый день";
    message.provider_id = ProviderMessageId{provider_id};
    message.created_at = position;
    message.position = position;
    return message;
}

TEST_CASE("a message of the same provider id is stored once") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const Conversation conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        CHECK(tx.insert_message_if_new(ground.channel.id, a_message(conversation.id, "wamid.A", ground.now)));
        CHECK_FALSE(tx.insert_message_if_new(ground.channel.id, a_message(conversation.id, "wamid.A", ground.now)));
        CHECK(tx.messages(conversation.id, std::nullopt, 10).size() == 1);
    });
}

TEST_CASE("a message reads back as it was written") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const Conversation conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        Message message = a_message(conversation.id, "wamid.A", ground.now);
        message.direction = Direction::outbound;
        message.status = MessageStatus::failed;
        message.status_times[3] = ground.now;
        message.error_code = "window_closed";
        message.client_id = "c-1";
        message.author = {AuthorKind::person, make_id<UserId>(), "Maria"};
        tx.insert_message_if_new(ground.channel.id, message);
        const auto read = tx.message(message.id);
        REQUIRE(read);
        CHECK(read->text == "Добрый день");
        CHECK(read->direction == Direction::outbound);
        CHECK(read->status == MessageStatus::failed);
        CHECK(read->status_times == message.status_times);
        CHECK(read->error_code == "window_closed");
        CHECK(read->author.user == message.author.user);
        CHECK(tx.message_by_client_id(conversation.id, "c-1")->id == message.id);
        CHECK(tx.message_by_provider_id(ground.channel.id, ProviderMessageId{"wamid.A"})->id == message.id);
        CHECK_FALSE(tx.message_by_client_id(conversation.id, ""));
    });
}

TEST_CASE("a phone first and a BSUID later are one conversation") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const auto by_phone = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        const auto by_both = tx.conversation_of(ground.channel.id, a_person("79161234567", "RU.88172635"), ground.now);
        const auto by_bsuid = tx.conversation_of(ground.channel.id, a_person("", "RU.88172635"), ground.now);
        CHECK(by_phone.id == by_both.id);
        CHECK(by_phone.id == by_bsuid.id);
        const auto shown = tx.conversation(by_bsuid.id, std::nullopt);
        CHECK(shown->external_id == "RU.88172635");
        CHECK(shown->phone == "79161234567");
        CHECK(shown->contact_name == "Ann Lee");
    });
}

TEST_CASE("two identities that turn out one person keep the older conversation with both histories") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const auto older = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        const auto newer = tx.conversation_of(ground.channel.id, a_person("", "RU.88172635"), ground.now);
        REQUIRE(older.id != newer.id);
        tx.insert_message_if_new(ground.channel.id, a_message(older.id, "wamid.A", ground.now));
        tx.insert_message_if_new(ground.channel.id, a_message(newer.id, "wamid.B", ground.now + 1s));
        const auto joined = tx.conversation_of(ground.channel.id, a_person("79161234567", "RU.88172635"), ground.now);
        CHECK(joined.id == older.id);
        CHECK_FALSE(tx.conversation(newer.id, std::nullopt));
        CHECK(tx.messages(older.id, std::nullopt, 10).size() == 2);
    });
}

TEST_CASE("when two conversations are joined everything of the newer one follows") {
    Ground ground;
    const auto reader = make_id<UserId>();
    const auto [older, newer] = ground.in_workspace([&](Transaction& tx) {
        Person nameless = a_person("79161234567");
        nameless.name.clear();
        return std::pair{tx.conversation_of(ground.channel.id, nameless, ground.now),
                         tx.conversation_of(ground.channel.id, a_person("", "RU.88172635"), ground.now)};
    });
    OutboxRow waits;
    MessageId moved;
    ground.in_workspace([&](Transaction& tx) {
        for (const auto& [conversation, minute] : {std::pair{older, 1}, std::pair{newer, 2}}) {
            Message message = a_message(conversation.id, "wamid." + std::to_string(minute), ground.now + minute * 1min);
            message.client_id = "c-1";  // the same in both
            REQUIRE(tx.insert_message_if_new(ground.channel.id, message));
            moved = message.id;
        }
        tx.mark_read(older.id, reader);  // and nothing of the newer one
        waits.workspace = ground.workspace;
        waits.channel = ground.channel.id;
        waits.conversation = newer.id;
        waits.delivery = make_id<DeliveryId>();
        waits.queued_at = ground.now;
        tx.enqueue(waits);
        Conversation open = newer;
        open.waiting = true;
        open.window_closes_at = ground.now + 24h;
        open.last_message = moved;
        open.updated_at = ground.now + 2min;
        tx.save_conversation(open);
    });
    const std::int64_t before =
        read(*ground.storage.store, [&](StoreSession& s) { return s.in(ground.workspace).last_seq(); });
    ground.in_workspace([&](Transaction& tx) {
        tx.conversation_of(ground.channel.id, {a_person("79161234567", "RU.88172635").addresses, {}}, ground.now);
    });
    ground.in_workspace([&](Transaction& tx) {
        const auto joined = tx.conversation(older.id, reader);
        CHECK_FALSE(tx.conversation(newer.id, std::nullopt));
        CHECK(joined->waiting);
        CHECK(joined->window_closes_at == ground.now + 24h);
        CHECK(joined->last_message == moved);
        CHECK(joined->contact_name == "Ann Lee");
        CHECK(joined->unread == 1);
        CHECK(tx.messages(older.id, std::nullopt, 10).size() == 2);
        CHECK(tx.message_by_client_id(older.id, "c-1")->id != moved);
        CHECK(tx.outbox_of(ground.channel.id).front().conversation == older.id);
        const auto changes = tx.changes_after(before, 100);
        CHECK(std::ranges::find(changes, moved.value(), &Change::object) != changes.end());
    });
}

TEST_CASE("a changed number keeps the conversation") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const auto before = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        tx.replace_addresses(ground.channel.id, {a_person("79161234567").addresses, a_person("79260000000").addresses});
        CHECK(tx.conversation_of(ground.channel.id, a_person("79260000000"), ground.now).id == before.id);
        CHECK(tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now).id != before.id);
    });
}

TEST_CASE("a changed number leaves the person's other names as they are") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const auto before = tx.conversation_of(ground.channel.id, a_person("79161234567", "RU.1"), ground.now);
        tx.replace_addresses(ground.channel.id,
                             {a_person("79161234567", "RU.1").addresses, a_person("79260000000").addresses});
        const auto after = tx.conversation_of(ground.channel.id, a_person("", "RU.1"), ground.now);
        CHECK(after.id == before.id);
        CHECK(tx.conversation(after.id, std::nullopt)->phone == "79260000000");
    });
}

TEST_CASE("an address that the provider names is learned in its spelling, also when it was somebody else's") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const auto older = tx.conversation_of(ground.channel.id, a_person("5511987654321"), ground.now);
        const auto newer = tx.conversation_of(ground.channel.id, a_person("", "BR.1"), ground.now);
        tx.learn_addresses(ground.channel.id, older.identity, {{"phone", "551187654321", "5511987654321"}});
        CHECK(tx.conversation(older.id, std::nullopt)->phone == "551187654321");
        tx.learn_addresses(ground.channel.id, older.identity, {{"bsuid", "BR.1", "BR.1"}});
        CHECK_FALSE(tx.conversation(newer.id, std::nullopt));
        CHECK(tx.conversation(older.id, std::nullopt)->external_id == "BR.1");
    });
}

TEST_CASE("pages of a thread follow each other without a gap or a repeat") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const auto conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        for (int i = 0; i < 25; ++i)  // several share a position
            tx.insert_message_if_new(ground.channel.id, a_message(conversation.id, "wamid." + std::to_string(i),
                                                                  ground.now + std::chrono::seconds{i / 3}));
        std::vector<MessageId> seen;
        std::optional<std::pair<Timestamp, MessageId>> before;
        for (auto page = tx.messages(conversation.id, before, 10); !page.empty();
             page = tx.messages(conversation.id, before, 10)) {
            for (const Message& message : page)
                seen.push_back(message.id);
            before = {page.back().position, page.back().id};
        }
        CHECK(seen.size() == 25);
        CHECK(std::set<MessageId>(seen.begin(), seen.end()).size() == 25);
    });
}

TEST_CASE("views hold what waits for an answer and what this user has not read") {
    Ground ground;
    const auto reader = make_id<UserId>();
    ground.in_workspace([&](Transaction& tx) {
        auto waits = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        const auto quiet = tx.conversation_of(ground.channel.id, a_person("79260000000"), ground.now);
        tx.insert_message_if_new(ground.channel.id, a_message(waits.id, "wamid.A", ground.now));
        waits.waiting = true;
        tx.save_conversation(waits);
        using View = ConversationQuery::View;
        CHECK(tx.conversations({.view = View::all}, reader).size() == 2);
        REQUIRE(tx.conversations({.view = View::waiting}, reader).size() == 1);
        REQUIRE(tx.conversations({.view = View::unread}, reader).size() == 1);
        CHECK(tx.conversations({.view = View::unread}, reader).front().unread == 1);
        tx.mark_read(waits.id, reader);
        CHECK(tx.conversations({.view = View::unread}, reader).empty());
        CHECK(tx.conversations({.view = View::waiting}, reader).size() == 1);
        CHECK(tx.conversation(quiet.id, reader)->unread == 0);
    });
}

TEST_CASE("a filter that few conversations pass gives each of them once, in pages, the newest first") {
    Ground ground;
    const auto reader = make_id<UserId>();
    const Channel small = a_channel(ground.workspace, "2");
    ground.in_workspace([&](Transaction& tx) {
        tx.insert_channel(small);
        for (int i = 0; i < 40; ++i) {
            const Channel& channel = i % 8 == 1 ? small : ground.channel;
            const Timestamp at = ground.now + std::chrono::seconds{i / 3};  // several share a time
            auto one = tx.conversation_of(channel.id, a_person("7916000" + std::to_string(1000 + i)), at);
            tx.insert_message_if_new(channel.id, a_message(one.id, "wamid." + std::to_string(i), at));
            one.waiting = i % 4 == 1;
            one.updated_at = at;
            tx.save_conversation(one);
            if (i % 5 != 0) tx.mark_read(one.id, reader);
        }
        using View = ConversationQuery::View;
        const auto in_pages = [&](View view, std::optional<ChannelId> channel) {
            std::vector<Conversation> seen;
            ConversationQuery query{.view = view, .channel = channel, .limit = 2};
            for (auto page = tx.conversations(query, reader); !page.empty(); page = tx.conversations(query, reader)) {
                seen.insert(seen.end(), page.begin(), page.end());
                query.before = {page.back().updated_at, page.back().id};
            }
            std::set<ConversationId> each;
            for (const Conversation& one : seen)
                each.insert(one.id);
            CHECK(each.size() == seen.size());
            CHECK(std::ranges::is_sorted(seen, std::ranges::greater{}, &Conversation::updated_at));
            return seen.size();
        };
        CHECK(in_pages(View::all, std::nullopt) == 40);
        CHECK(in_pages(View::all, small.id) == 5);
        CHECK(in_pages(View::waiting, std::nullopt) == 10);
        CHECK(in_pages(View::waiting, small.id) == 5);
        CHECK(in_pages(View::waiting, ground.channel.id) == 5);
        CHECK(in_pages(View::unread, std::nullopt) == 8);
        CHECK(in_pages(View::unread, small.id) == 1);
    });
}

TEST_CASE("a closure that throws takes nothing of its neighbours with it") {
    Ground ground;
    CHECK_THROWS_AS(ground.in_workspace([&](Transaction& tx) {
        tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        tx.note_change("conversation", make_uuid());
        throw std::runtime_error("bad element");
    }),
                    std::runtime_error);
    ground.in_workspace([&](Transaction& tx) {
        CHECK(tx.conversations({}, make_id<UserId>()).empty());
        CHECK(tx.last_seq() == 0);
    });
}

TEST_CASE("changes are numbered from one, in order of commits, each object once a commit") {
    Ground ground;
    const Uuid one = make_uuid();
    const Uuid two = make_uuid();
    ground.in_workspace([&](Transaction& tx) {
        tx.note_change("message", one);
        tx.note_change("message", one);
        tx.note_change("conversation", two);
    });
    ground.in_workspace([&](Transaction& tx) { tx.note_change("message", one); });
    const auto changes =
        read(*ground.storage.store, [&](StoreSession& s) { return s.in(ground.workspace).changes_after(0, 10); });
    REQUIRE(changes.size() == 3);
    CHECK(changes[0].seq == 1);
    CHECK(changes[1].object == two);
    CHECK(changes[2].seq == 3);
    CHECK(changes[2].object == one);
}

TEST_CASE("one workspace does not see another's conversations, messages or channels") {
    Ground ground;
    const auto other =
        write(*ground.storage.store, [&](StoreSession& s) { return s.make_workspace("Other", ground.now); });
    const auto conversation = ground.in_workspace(
        [&](Transaction& tx) { return tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now); });
    write(*ground.storage.store, [&](StoreSession& session) {
        Transaction& tx = session.in(other);
        CHECK_FALSE(tx.conversation(conversation.id, std::nullopt));
        CHECK(tx.channels().empty());
        CHECK_FALSE(tx.channel(ground.channel.id));
    });
}

TEST_CASE("the same number cannot be connected twice") {
    Ground ground;
    const auto other =
        write(*ground.storage.store, [&](StoreSession& s) { return s.make_workspace("Other", ground.now); });
    const Channel second = a_channel(other, ground.channel.address);
    CHECK_FALSE(write(*ground.storage.store, [&](StoreSession& s) { return s.in(other).insert_channel(second); }));
    ground.in_workspace([&](Transaction& tx) { tx.delete_channel(ground.channel.id); });
    CHECK(write(*ground.storage.store, [&](StoreSession& s) { return s.in(other).insert_channel(second); }));
}

TEST_CASE("an event that waits for its message is given out once") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        tx.keep_waiting(ground.channel.id, "wamid.A", "first", ground.now);
        tx.keep_waiting(ground.channel.id, "wamid.A", "second", ground.now);
        CHECK(tx.take_waiting(ground.channel.id, "wamid.A") == std::vector<std::string>{"first", "second"});
        CHECK(tx.take_waiting(ground.channel.id, "wamid.A").empty());
    });
}

TEST_CASE("a change of a message counts once, and not after a later one of its kind") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const auto note = [&](const std::string& key, MessageChange::Kind kind, Timestamp at) {
            MessageChange change;
            change.key = key;
            change.kind = kind;
            change.target = ProviderMessageId{"wamid.A"};
            return tx.note_message_change(ground.channel.id, change, at);
        };
        using Kind = MessageChange::Kind;
        CHECK(note("1", Kind::edit, ground.now));
        CHECK_FALSE(note("1", Kind::edit, ground.now));
        CHECK(note("2", Kind::edit, ground.now));
        CHECK_FALSE(note("3", Kind::edit, ground.now - 1s));
        CHECK(note("4", Kind::reaction, ground.now - 1s));
    });
}

TEST_CASE("a page that missed changes which are no longer kept can tell") {
    Ground ground;
    const auto oldest = [&] {
        return read(*ground.storage.store, [&](StoreSession& s) { return s.in(ground.workspace).oldest_seq(); });
    };
    CHECK(oldest() == 1);
    for (int i = 0; i < 3; ++i)
        ground.in_workspace([&](Transaction& tx) { tx.note_change("channel", make_uuid()); });
    CHECK(oldest() == 1);
    const Timestamp now = Clock::real_now();
    write(*ground.storage.store, [&](StoreSession& session) { session.prune(now + 1min, now); });
    CHECK(oldest() == 4);
}

TEST_CASE("a file that was in hand when the process ended is due at the next start") {
    Ground ground;
    Media media;
    media.id = make_id<MediaId>();
    media.channel = ground.channel.id;
    media.kind = "image";
    media.due = ground.now + 1h;
    media.created_at = ground.now;
    ground.in_workspace([&](Transaction& tx) { tx.insert_media(media); });
    const auto due = [&] {
        return read(*ground.storage.store, [&](StoreSession& s) { return s.media_to_fetch(ground.now, 10).size(); });
    };
    CHECK(due() == 0);
    write(*ground.storage.store, [&](StoreSession& session) { session.hurry_media(ground.now); });
    CHECK(due() == 1);
}

TEST_CASE("what is set aside keeps its bytes and can be taken once") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        tx.set_aside({0, ground.channel.id, ground.now, "no id", std::string("\0\xff{", 3), "sha256=1"});
        const auto rows = tx.set_aside_of(ground.channel.id, std::nullopt, 100);
        REQUIRE(rows.size() == 1);
        CHECK(rows.front().bytes == std::string("\0\xff{", 3));
        CHECK(tx.take_set_aside(ground.channel.id, rows.front().number)->proof == "sha256=1");
        CHECK_FALSE(tx.take_set_aside(ground.channel.id, rows.front().number));
    });
}

TEST_CASE("a reader may look for somebody's conversation") {
    Ground ground;
    const ConversationId known = ground.in_workspace(
        [&](Transaction& tx) { return tx.conversation_of(ground.channel.id, a_person("79160000001"), ground.now).id; });
    read(*ground.storage.store, [&](StoreSession& session) {
        Transaction& tx = session.in(ground.workspace);
        CHECK(tx.known_conversation_of(ground.channel.id, a_person("79160000001"))->id == known);
        CHECK_FALSE(tx.known_conversation_of(ground.channel.id, a_person("79160000002")));
        CHECK_FALSE(tx.lock_conversation(known));
        return true;
    });
}
