// From raw bytes to conversations, over the real intake and storage.
#include "app/apply_intake.hpp"

#include "support/plain_messenger.hpp"
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

struct Inlet : Ground {
    PlainMessenger messenger;
    FindMessenger find = [this](std::string_view) { return &messenger; };
    IntakeWorker worker{*storage.store, *storage.intake, find};

    void receive(const std::string& bytes, const std::string& proof = "") {
        append(*storage.intake, {0, channel.id, now, proof, bytes});
    }
    std::size_t count_messages() {
        return in_workspace([&](Transaction& tx) {
            std::size_t out = 0;
            for (const Conversation& conversation : tx.conversations({}, UserId{}))
                out += tx.messages(conversation.id, std::nullopt, 1000).size();
            return out;
        });
    }
    std::vector<SetAside> set_aside() {
        return in_workspace([&](Transaction& tx) { return tx.set_aside_of(channel.id, std::nullopt, 100); });
    }
};

}  // namespace

TEST_CASE("webhooks are applied once, whatever happens to the hints") {
    Inlet inlet;
    inlet.receive("wamid.A 79161234567 hello\nwamid.B 79260000000 hi");
    inlet.receive("wamid.A 79161234567 hello");
    CHECK(inlet.worker.run_once(100) == 2);
    CHECK(inlet.worker.run_once(100) == 0);
    CHECK(inlet.count_messages() == 2);
}

TEST_CASE("one bad element is set aside, the good ones around it are messages") {
    Inlet inlet;
    inlet.receive("wamid.A 79161234567 hello\n! no id\nwamid.B 79161234567 again");
    inlet.worker.run_once(100);
    CHECK(inlet.count_messages() == 2);
    REQUIRE(inlet.set_aside().size() == 1);
    CHECK(inlet.set_aside().front().reason == "no id");
    CHECK(inlet.set_aside().front().bytes == "! no id");
}

TEST_CASE("a webhook that cannot be applied is set aside with its bytes and holds nobody up") {
    Inlet inlet;
    inlet.receive("wamid.A 79161234567 before");
    inlet.receive("explode");
    inlet.receive("wamid.B 79161234567 after");
    CHECK(inlet.worker.run_once(100) == 3);
    CHECK(inlet.count_messages() == 2);
    REQUIRE(inlet.set_aside().size() == 1);
    CHECK(inlet.set_aside().front().bytes == "explode");
    CHECK(inlet.worker.run_once(100) == 0);
}

TEST_CASE("an entry for another number counts only when that number's own secret verifies the bytes") {
    Inlet inlet;
    Channel second = a_channel(inlet.workspace, "222");
    second.credentials["secret"] = Secret("second-secret");
    inlet.in_workspace([&](Transaction& tx) { tx.insert_channel(second); });
    inlet.receive("@222 wamid.A 79161234567 forged", "some-other-proof");
    inlet.receive("@222 wamid.B 79161234567 genuine", "second-secret");
    inlet.worker.run_once(100);
    CHECK(inlet.count_messages() == 1);
    CHECK(inlet.set_aside().size() == 1);
    inlet.in_workspace([&](Transaction& tx) { CHECK(tx.conversations({}, UserId{}).front().channel == second.id); });
}

TEST_CASE("what was set aside can be replayed, at the time it was received") {
    Inlet inlet;
    inlet.receive("@222 wamid.A 79161234567 hello", "second-secret");
    inlet.worker.run_once(100);
    REQUIRE(inlet.set_aside().size() == 1);
    Channel second = a_channel(inlet.workspace, "222");
    second.credentials["secret"] = Secret("second-secret");
    inlet.in_workspace([&](Transaction& tx) { tx.insert_channel(second); });
    CHECK(inlet.worker.replay(inlet.workspace, inlet.channel.id, inlet.set_aside().front().number));
    CHECK(inlet.count_messages() == 1);
    CHECK(inlet.set_aside().empty());
    inlet.in_workspace([&](Transaction& tx) { CHECK(tx.conversations({}, UserId{}).front().updated_at == inlet.now); });
    CHECK_FALSE(inlet.worker.replay(inlet.workspace, inlet.channel.id, 1));
}

TEST_CASE("what a replay still does not understand stays set aside") {
    Inlet inlet;
    for (const char* bytes : {"", "! no id"}) {
        inlet.in_workspace(
            [&](Transaction& tx) { tx.set_aside({0, inlet.channel.id, inlet.now, "no id", bytes, ""}); });
        CHECK(inlet.worker.replay(inlet.workspace, inlet.channel.id, inlet.set_aside().front().number));
        CHECK(inlet.set_aside().front().bytes == bytes);
    }
    CHECK(inlet.set_aside().size() == 2);
}

TEST_CASE("news of an account reach every channel of it whose secret verifies them, and no other") {
    Inlet inlet;
    const auto connect = [&](const std::string& address, const std::string& account, const std::string& secret) {
        Channel channel = a_channel(inlet.workspace, address);
        channel.settings["account"] = account;
        channel.credentials["secret"] = Secret(secret);
        inlet.in_workspace([&](Transaction& tx) { tx.insert_channel(channel); });
        return channel.id;
    };
    const ChannelId sister = connect("222", "99", "shared-secret");
    const ChannelId stranger = connect("333", "99", "another-secret");
    const ChannelId neighbour = connect("444", "88", "shared-secret");
    inlet.receive("#99 disabled", "shared-secret");
    inlet.worker.run_once(100);
    const auto state = [&](ChannelId id) {
        return inlet.in_workspace([&](Transaction& tx) { return tx.channel(id)->state; });
    };
    CHECK(state(sister) == ChannelState::broken);
    CHECK(state(stranger) == ChannelState::connecting);
    CHECK(state(neighbour) == ChannelState::connecting);
    CHECK(state(inlet.channel.id) == ChannelState::connecting);
    CHECK(inlet.set_aside().empty());
}

TEST_CASE("news of an account that no channel belongs to are set aside") {
    Inlet inlet;
    inlet.receive("#77 disabled", "shared-secret");
    inlet.worker.run_once(100);
    CHECK(inlet.set_aside().size() == 1);
}

TEST_CASE("two first messages in one batch are one conversation in each channel they came to") {
    Inlet inlet;
    Channel second = a_channel(inlet.workspace, "222");
    inlet.in_workspace([&](Transaction& tx) { tx.insert_channel(second); });
    inlet.receive("wamid.A 79161234567 hello\nwamid.B 79161234567 anybody?");
    append(*inlet.storage.intake,
           {0, second.id, inlet.now, "", "wamid.C 79161234567 hello here\nwamid.D 79161234567 ?"});
    CHECK(inlet.worker.run_once(100) == 2);
    inlet.in_workspace([&](Transaction& tx) {
        const auto list = tx.conversations({}, UserId{});
        REQUIRE(list.size() == 2);
        for (const Conversation& conversation : list)
            CHECK(tx.messages(conversation.id, std::nullopt, 10).size() == 2);
    });
}

TEST_CASE("a bad element of another number's entry is shown to the admin of that number") {
    Inlet inlet;
    Channel second = a_channel(inlet.workspace, "222");
    second.credentials["secret"] = Secret("second-secret");
    inlet.in_workspace([&](Transaction& tx) { tx.insert_channel(second); });
    inlet.receive("! @222 no id", "second-secret");
    inlet.receive("! @222 forged", "other");
    inlet.worker.run_once(100);
    inlet.in_workspace([&](Transaction& tx) {
        const auto rows = tx.set_aside_of(second.id, std::nullopt, 100);
        REQUIRE(rows.size() == 1);
        CHECK(rows.front().reason == "no id");
    });
    REQUIRE(inlet.set_aside().size() == 1);
    CHECK(inlet.set_aside().front().bytes == "! @222 forged");
}

TEST_CASE("what is read while others are applied is applied next, in order and once, also around one that fails") {
    Inlet inlet;
    for (int i = 0; i < 9; ++i)
        inlet.receive(i == 4 ? "explode" : "wamid." + std::to_string(i) + " 79161234567 " + std::to_string(i));
    for (const bool has_more : {true, true, false, true, false}) {
        CHECK(inlet.worker.run_once(2) > 0);
        CHECK(inlet.worker.has_more() == has_more);
    }
    CHECK(inlet.worker.run_once(2) == 0);
    std::string order;
    inlet.in_workspace([&](Transaction& tx) {
        for (const Conversation& conversation : tx.conversations({}, UserId{}))
            for (const Message& message : tx.messages(conversation.id, std::nullopt, 100))
                order += message.text;
    });
    CHECK(order == "87653210");  // the newest first
    REQUIRE(inlet.set_aside().size() == 1);
    CHECK(inlet.set_aside().front().bytes == "explode");
}

namespace {

// A store whose disk is full for the writes that are asked next.
struct FullDisk final : Store {
    explicit FullDisk(Store& wrapped) : store(wrapped) {}
    void write(Work work, Done done) override { store.write(std::move(work), std::move(done)); }
    void write_later(Work work, Done done) override {
        if (failures > 0 && failures-- > 0)
            done(std::make_exception_ptr(StoreUnavailable("database or disk is full")));
        else
            store.write_later(std::move(work), std::move(done));
    }
    void read(Work work, Done done) override { store.read(std::move(work), std::move(done)); }

    Store& store;
    int failures = 0;
};

}  // namespace

TEST_CASE("a disk that is full for a moment sets no good webhook aside") {
    Inlet inlet;
    FullDisk store(*inlet.storage.store);
    IntakeWorker worker(store, *inlet.storage.intake, inlet.find);
    inlet.receive("wamid.A 79161234567 hello");
    store.failures = 4;
    for (int i = 0; i < 4; ++i)
        CHECK_THROWS_AS(worker.run_once(100), StoreUnavailable);
    CHECK(worker.run_once(100) == 1);
    CHECK(inlet.count_messages() == 1);
    CHECK(inlet.set_aside().empty());
}

TEST_CASE("a disk that is full between two batches loses and doubles nothing of what was read ahead") {
    Inlet inlet;
    FullDisk store(*inlet.storage.store);
    IntakeWorker worker(store, *inlet.storage.intake, inlet.find);
    for (int i = 0; i < 6; ++i)
        inlet.receive("wamid." + std::to_string(i) + " 79161234567 hello");
    CHECK(worker.run_once(2) == 2);
    REQUIRE(worker.has_more());
    store.failures = 1;
    CHECK_THROWS_AS(worker.run_once(2), StoreUnavailable);
    CHECK(!worker.has_more());
    while (worker.run_once(2) > 0) {
    }
    CHECK(inlet.count_messages() == 6);
    CHECK(inlet.set_aside().empty());
}
