// What every bus promises, over the one of a process and over a real NATS.
#include "app/ports/bus.hpp"

#include "base/uuid.hpp"
#include "bus/hint_text.hpp"
#include "bus/in_process_bus.hpp"
#include "bus/nats_bus.hpp"
#include "support/child.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>
#include <nats/nats.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

namespace okno::bus {
namespace {

using tests::wait_until;

// A nats-server of Debian's package on a free port of this machine.
class Nats {
public:
    explicit Nats(std::vector<std::string> more = {}) : more_(std::move(more)) {
        char name[] = "/tmp/okno-nats-XXXXXX";
        REQUIRE(::mkdtemp(name) != nullptr);
        folder_ = name;
        start();
    }
    ~Nats() {
        stop();
        std::filesystem::remove_all(folder_);
    }
    Nats(const Nats&) = delete;
    Nats& operator=(const Nats&) = delete;

    void start() {
        std::vector<std::string> command{"nats-server", "--addr", "127.0.0.1", "--port", fmt::to_string(port_)};
        command.insert(command.end(), more_.begin(), more_.end());
        process_.emplace(command, folder_ + "/log");
        REQUIRE(wait_until([this] { return tests::is_listening(port_); }));
    }
    void stop() { process_.reset(); }
    const tests::Child& process() const { return *process_; }
    std::string url(const std::string& user = "") const { return fmt::format("nats://{}127.0.0.1:{}", user, port_); }

private:
    std::uint16_t port_ = tests::free_port();
    std::string folder_;
    std::vector<std::string> more_;
    std::optional<tests::Child> process_;
};

// Counts what a bus hears, by the text of the hints.
class Ear {
public:
    explicit Ear(Bus& bus) : bus_(bus) {
        bus.subscribe([this](const Hint& hint) {
            const std::scoped_lock lock(mutex_);
            ++heard_[write_hint(hint)];
        });
    }
    ~Ear() { bus_.subscribe({}); }

    int heard(const Hint& hint) {
        const std::scoped_lock lock(mutex_);
        return heard_[write_hint(hint)];
    }

private:
    Bus& bus_;
    std::mutex mutex_;
    std::map<std::string, int> heard_;
};

// A hint that no other test publishes.
Hint fresh_hint() { return WorkspacesChanged{{WorkspaceId{make_uuid()}}}; }

// Hints may be lost, above all while the other has just come: so it is said until it is heard.
bool reaches(Bus& from, Ear& to, const Hint& hint = fresh_hint()) {
    return wait_until([&] {
        from.publish(hint);
        return to.heard(hint) > 0;
    });
}

void keep_the_promises(Bus& first, Bus& second) {
    Ear first_ear(first), second_ear(second);
    REQUIRE(wait_until([&] { return first.is_connected() && second.is_connected(); }));
    REQUIRE(reaches(first, second_ear));
    REQUIRE(reaches(second, first_ear));

    const std::vector<Hint> hints{WorkspacesChanged{{WorkspaceId{make_uuid()}, WorkspaceId{make_uuid()}}},
                                  SessionEnded{std::string("\xFF\0\x9C", 3)}};
    for (const Hint& hint : hints) {
        CHECK(reaches(first, second_ear, hint));
        CHECK(first_ear.heard(hint) == 0);  // nobody hears himself
    }
    const int before =
        second_ear.heard(OutboxChanged{}) + second_ear.heard(IntakeChanged{}) + second_ear.heard(ChannelsChanged{});
    for (const Hint& hint : {Hint(OutboxChanged{}), Hint(IntakeChanged{}), Hint(ChannelsChanged{})}) {
        first.publish(hint);
        // What a bus says to itself when it is back is heard once, the other's on top of it.
        CHECK(wait_until([&] { return second_ear.heard(hint) > 0; }));
    }
    CHECK(wait_until([&] {
        return second_ear.heard(OutboxChanged{}) + second_ear.heard(IntakeChanged{}) +
                   second_ear.heard(ChannelsChanged{}) ==
               before + 3;
    }));
}

}  // namespace

TEST_CASE("buses on one line of a process hear each other and not themselves") {
    const auto line = std::make_shared<InProcessLine>();
    InProcessBus first(line), second(line);
    keep_the_promises(first, second);
}

TEST_CASE("a bus without a listener, and a server alone, publish to nobody") {
    InProcessBus alone;
    alone.publish(OutboxChanged{});
    CHECK(alone.is_connected());
}

TEST_CASE("nodes of an installation hear each other over NATS and not themselves") {
    const Nats nats;
    NatsBus first(nats.url(), "home"), second(nats.url(), "home");
    keep_the_promises(first, second);
}

TEST_CASE("installations on one NATS do not hear each other") {
    const Nats nats;
    NatsBus first(nats.url(), "home"), neighbour(nats.url(), "next-door"), second(nats.url(), "home");
    Ear neighbour_ear(neighbour), second_ear(second);
    REQUIRE(wait_until([&] { return neighbour.is_connected(); }));
    const Hint hint = fresh_hint();
    REQUIRE(reaches(first, second_ear, hint));
    CHECK(neighbour_ear.heard(hint) == 0);
}

TEST_CASE("after a restart of NATS the nodes hear each other again, and each looks at what it may have missed") {
    Nats nats;
    NatsBus first(nats.url(), "home"), second(nats.url(), "home");
    Ear first_ear(first), second_ear(second);
    REQUIRE(reaches(first, second_ear));
    REQUIRE(wait_until([&] { return second_ear.heard(ChannelsChanged{}) == 1; }));
    nats.stop();
    REQUIRE(wait_until([&] { return !first.is_connected() && !second.is_connected(); }));
    nats.start();
    CHECK(reaches(first, second_ear));
    CHECK(reaches(second, first_ear));
    CHECK(second_ear.heard(ChannelsChanged{}) == 2);
    CHECK(second_ear.heard(IntakeChanged{}) == 2);
    CHECK(second_ear.heard(OutboxChanged{}) == 2);
}

TEST_CASE("a server that starts before its NATS finds it later") {
    Nats nats;
    nats.stop();
    NatsBus first(nats.url(), "home"), second(nats.url(), "home");
    Ear second_ear(second);
    CHECK_FALSE(first.is_connected());
    first.publish(OutboxChanged{});
    nats.start();
    CHECK(reaches(first, second_ear));
}

TEST_CASE("publishing blocks nobody while NATS is away or does not read") {
    Nats nats;
    NatsBus bus(nats.url(), "home");
    REQUIRE(wait_until([&] { return bus.is_connected(); }));
    const auto publish_much = [&] {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < 20'000; ++i)
            bus.publish(fresh_hint());
        return std::chrono::steady_clock::now() - begin;
    };
    nats.process().pause();
    CHECK(publish_much() < std::chrono::seconds(5));  // milliseconds; the library's own limit is 2 s for each write
    nats.process().go_on();
    nats.stop();
    REQUIRE(wait_until([&] { return !bus.is_connected(); }));
    CHECK(publish_much() < std::chrono::seconds(5));
}

TEST_CASE("what is no hint is ignored") {
    const Nats nats;
    NatsBus first(nats.url(), "home"), second(nats.url(), "home");
    Ear second_ear(second);
    REQUIRE(reaches(first, second_ear));
    natsConnection* stranger = nullptr;
    REQUIRE(natsConnection_ConnectTo(&stranger, nats.url().c_str()) == NATS_OK);
    for (const char* text :
         {"", "{", "nonsense", "[]", "null", "{\"hint\":7}", "{\"hint\":\"changes\"}",
          "{\"hint\":\"changes\",\"workspaces\":[\"x\",null,{}]}", "{\"hint\":\"session_ended\"}",
          "{\"hint\":\"session_ended\",\"session\":\"xyz\"}", "{\"hint\":\"of a later version\"}", "\xFF\xFE"})
        REQUIRE(natsConnection_PublishString(stranger, "okno.home.hints", text) == NATS_OK);
    const std::string last = write_hint(SessionEnded{"after the nonsense"});
    REQUIRE(natsConnection_PublishString(stranger, "okno.home.hints", last.c_str()) == NATS_OK);
    CHECK(wait_until([&] { return second_ear.heard(SessionEnded{"after the nonsense"}) == 1; }));
    CHECK(second_ear.heard(OutboxChanged{}) == 1);  // its own, of when it was connected
    natsConnection_Destroy(stranger);
}

TEST_CASE("a NATS that refuses the password is asked again for ever, the right one is let in") {
    const Nats nats({"--user", "okno", "--pass", "right"});
    NatsBus wrong(nats.url("okno:wrong@"), "home");
    NatsBus first(nats.url("okno:right@"), "home"), second(nats.url("okno:right@"), "home");
    Ear second_ear(second);
    CHECK(reaches(first, second_ear));
    CHECK_FALSE(wrong.is_connected());
}

TEST_CASE("a list of servers is used until one of them answers") {
    const Nats nats;
    const std::string nobody = fmt::format("nats://127.0.0.1:{}", tests::free_port());
    NatsBus first(nobody + "," + nats.url(), "home"), second(nats.url() + "," + nobody, "home");
    Ear second_ear(second);
    CHECK(reaches(first, second_ear));
}

}  // namespace okno::bus
