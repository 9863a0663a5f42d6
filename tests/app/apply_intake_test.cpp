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

TEST_CASE("a replaced intake file is read from its beginning") {
    Inlet inlet;
    write(*inlet.storage.store, [](StoreSession& session) { session.set_intake_position("another file", 500); });
    inlet.receive("wamid.A 79161234567 hello");
    CHECK(inlet.worker.run_once(100) == 1);
    CHECK(inlet.count_messages() == 1);
}
