// What a restored database is made to be before anybody works with it.
#include "app/after_restore.hpp"

#include "app/change_message.hpp"
#include "app/erase_contact.hpp"
#include "storage/backup.hpp"
#include "storage/erasures_file.hpp"
#include "storage/restore.hpp"
#include "storage/secret_key.hpp"
#include "support/talk.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

struct RestoredTalk : Talk {
    storage::ErasuresFile ledger{directory.path / "erasures.log", storage::read_key(directory.path)};

    AfterRestore restore(const std::vector<Erasure>& erasures = {}) {
        return write(*storage.store,
                     [&](StoreSession& session) { return after_restore(session, now, erasures, ledger, now + 1h); });
    }
    ContactId contact() {
        return in_workspace([&](Transaction& tx) { return tx.conversation(conversation, std::nullopt)->contact; });
    }
    bool is_known() {
        return in_workspace([&](Transaction& tx) { return tx.conversation(conversation, std::nullopt).has_value(); });
    }
    Channel stored_channel() {
        return in_workspace([&](Transaction& tx) { return *tx.channel(channel.id); });
    }
};

}  // namespace

TEST_CASE("what waited and what was leaving when the backup was made shows as unknown, with the reason in words") {
    RestoredTalk talk;
    const auto leaving = talk.send(talk.text("leaving", "c-1"), talk.now);
    REQUIRE(talk.take(talk.now).size() == 1);
    const auto waiting = talk.send(talk.text("waits", "c-2"), talk.now);
    const AfterRestore outcome = talk.restore();
    CHECK(outcome.unknown == 2);
    for (const auto& composed : {leaving, waiting}) {
        const Message message = talk.message(composed->message.id);
        CHECK(message.status == MessageStatus::unknown);
        CHECK(message.error_message ==
              "It waited to leave when the backup of 2026-11-18 11:06 UTC was made: it may have arrived since.");
    }
}

TEST_CASE("what the provider took before the backup keeps its status") {
    RestoredTalk talk;
    const auto sent = talk.send(talk.text("sent"), talk.now);
    talk.deliver("wamid.S", talk.now);
    CHECK(talk.restore().unknown == 0);
    CHECK(talk.message(sent->message.id).status == MessageStatus::sent);
}

TEST_CASE("a change that waited when the backup was made leaves no more, and the message says why") {
    RestoredTalk talk;
    talk.messenger.own_traits().delete_within = 48h;
    const auto sent = talk.send(talk.text("sent"), talk.now);
    talk.deliver("wamid.S", talk.now);
    talk.in_workspace([&](Transaction& tx) {
        REQUIRE(want_change(tx, talk.messenger, sent->message.id, ChangeKind::remove, "", talk.maria, talk.now));
    });
    CHECK(talk.restore().unknown == 0);
    const Message message = talk.message(sent->message.id);
    CHECK(message.status == MessageStatus::sent);
    CHECK_FALSE(message.is_deleted);
    CHECK(message.wanted_change->error_code == "no_answer");
    talk.in_workspace([&](Transaction& tx) { CHECK(tx.outbox_of(talk.channel.id).empty()); });
}

TEST_CASE("every channel is paused with the reason, and nothing old leaves once it is resumed") {
    RestoredTalk talk;
    talk.send(talk.text("waits"), talk.now);
    CHECK(talk.restore().paused == 1);
    Channel channel = talk.stored_channel();
    CHECK(channel.state == ChannelState::paused);
    CHECK(channel.state_reason ==
          "Restored from a backup of 2026-11-18 11:06 UTC: look through the messages shown as unknown, then resume.");
    channel.state = ChannelState::connected;
    talk.in_workspace([&](Transaction& tx) {
        tx.save_channel(channel);
        tx.hurry(channel.id, talk.now + 1h);
    });
    CHECK(talk.take(talk.now + 1h).empty());
    talk.send(talk.text("new", "c-9"), talk.now + 1h);
    CHECK(talk.take(talk.now + 1h).size() == 1);
}

TEST_CASE("the change feed goes on beyond every number that a page may have seen, so that pages load anew") {
    RestoredTalk talk;
    const auto in_backup = talk.in_workspace([](Transaction& tx) { return tx.last_seq(); });
    talk.restore();
    talk.in_workspace([&](Transaction& tx) {
        // A page is told to load anew when the change behind the one it saw last is no longer kept.
        const auto seen_since = in_backup + 1'000'000;
        CHECK(tx.oldest_seq() > seen_since + 1);
        CHECK(tx.last_seq() >= tx.oldest_seq());
        CHECK(tx.changes_after(0, 10).front().type == "channel");
    });
}

TEST_CASE("who was erased after the backup is erased again, who was erased before it may have come back since") {
    for (const auto& [age, is_known] : {std::pair{1ms, false}, std::pair{-1ms, true}}) {
        RestoredTalk talk;
        const auto outcome = talk.restore({{talk.now + age, talk.workspace, talk.contact(), {}}});
        CHECK(talk.is_known() == is_known);
        CHECK(outcome.erased == (is_known ? 0 : 1));
    }
}

TEST_CASE("an erased person is found by an address when the backup knows them as another contact") {
    RestoredTalk talk;
    const std::string hash = short_hash("79161234567");
    const Erasure by_address{talk.now,
                             talk.workspace,
                             make_id<ContactId>(),
                             {talk.ledger.keyed({talk.channel.id, "phone", "79161234567", hash})}};
    CHECK(talk.restore({by_address}).erased == 1);
    CHECK_FALSE(talk.is_known());
}

TEST_CASE("the same number in a channel where it was not erased stays") {
    RestoredTalk talk;
    const std::string hash = short_hash("79161234567");
    const Erasure elsewhere{talk.now,
                            talk.workspace,
                            make_id<ContactId>(),
                            {talk.ledger.keyed({make_id<ChannelId>(), "phone", "79161234567", hash})}};
    CHECK(talk.restore({elsewhere}).erased == 0);
    CHECK(talk.is_known());
}

TEST_CASE("an erasure of another workspace takes nobody here") {
    RestoredTalk talk;
    CHECK(talk.restore({{talk.now, make_id<WorkspaceId>(), talk.contact(), {}}}).erased == 0);
    CHECK(talk.is_known());
}

TEST_CASE("a webhook that was kept and not applied when the backup was made is applied after the restore, once" *
          doctest::skip(on_postgres())) {
    RestoredTalk talk;
    append(*talk.storage.intake, {0, talk.channel.id, talk.now, "proof", "wamid.1 79161234567 applied before"});
    REQUIRE(IntakeWorker(*talk.storage.store, *talk.storage.intake, talk.find).run_once(10) == 1);
    append(*talk.storage.intake, {0, talk.channel.id, talk.now, "proof", "wamid.2 79161234567 only kept"});
    TemporaryDirectory elsewhere;
    const auto quiet = [](auto&&...) {};
    const auto backup = elsewhere.path / "backup";
    const auto target = elsewhere.path / "data";
    const auto manifest =
        storage::back_up({talk.directory.path, talk.directory.path / "media"}, backup, "1.2.3", talk.now, quiet, quiet);
    std::filesystem::create_directory(target);
    std::filesystem::copy(talk.directory.path / "secret.key", target / "secret.key");
    storage::stage_restore({target, target / "media"}, backup, manifest, quiet);
    storage::put_in_place(target, "aside");

    const storage::Storage restored = storage::open_storage({target});
    IntakeWorker worker(*restored.store, *restored.intake, talk.find);
    CHECK(worker.run_once(10) == 1);
    CHECK(worker.run_once(10) == 0);
    const auto messages = read(*restored.store, [&](StoreSession& session) {
        return session.in(talk.workspace).messages(talk.conversation, std::nullopt, 10);
    });
    REQUIRE(messages.size() == 3);
    CHECK(messages[0].text == "only kept");
}
