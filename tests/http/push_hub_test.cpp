// The live feed over the real storage: what a page gets, in what order, and what a lost hint costs.
#include "http/push_hub.hpp"

#include "support/plain_messenger.hpp"
#include "support/storage_fixture.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <condition_variable>

using namespace okno;
using namespace okno::tests;

namespace {

// An open page: the frames it was sent.
class Page final : public net::WebSocketPeer {
public:
    void send(std::vector<std::shared_ptr<const std::string>> texts) override {
        const std::scoped_lock lock(mutex_);
        for (const auto& text : texts)
            frames_.push_back(boost::json::parse(*text).as_object());
        arrived_.notify_all();
    }
    void close(std::uint16_t code) override {
        const std::scoped_lock lock(mutex_);
        close_code_ = code;
    }
    std::uint16_t close_code() {
        const std::scoped_lock lock(mutex_);
        return close_code_;
    }

    // Waits until there are `count`; gives fewer only when the test is about to fail.
    std::vector<boost::json::object> frames(std::size_t count) {
        std::unique_lock lock(mutex_);
        arrived_.wait_for(lock, 10s, [&] { return frames_.size() >= count; });
        return frames_;
    }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<boost::json::object> frames_;
    std::uint16_t close_code_ = 0;
};

struct Feed : Ground {
    PlainMessenger messenger;
    Clock clock;
    http::PushHub hub{*storage.store, clock, [this](std::string_view) { return &messenger; }, "http://okno"};

    ~Feed() { storage.store.reset(); }  // its readers speak to the hub

    std::shared_ptr<Page> open(std::optional<std::int64_t> after, WorkspaceId in,
                               std::optional<Timestamp> session_ends = {}) {
        auto page = std::make_shared<Page>();
        User user;
        user.id = make_id<UserId>();
        user.workspace = in;
        user.role = "owner";
        hub.join(std::make_shared<http::Watcher>(http::Watcher{page, user, {}, after, false, session_ends}));
        page->frames(1);
        return page;
    }
    std::shared_ptr<Page> open(std::optional<std::int64_t> after = {}) { return open(after, workspace); }
    void rename(const std::string& name) {
        in_workspace([&](Transaction& tx) {
            Channel changed = *tx.channel(channel.id);
            changed.name = name;
            tx.save_channel(changed);
            tx.note_change("channel", channel.id.value());
        });
    }
    std::int64_t last_seq() {
        return read(*storage.store, [&](StoreSession& session) { return session.in(workspace).last_seq(); });
    }
};

}  // namespace

TEST_CASE("the first frame says the number and the server's time, the next ones hold the objects as they are now") {
    Feed feed;
    feed.rename("before");
    const auto page = feed.open();
    feed.rename("Support");
    feed.hub.changed({feed.workspace});
    const auto frames = page->frames(2);
    REQUIRE(frames.size() == 2);
    CHECK(frames[0].at("type") == "hello");
    CHECK(frames[0].at("seq") == feed.last_seq() - 1);
    CHECK(frames[0].contains("server_time"));
    CHECK(frames[1].at("seq") == feed.last_seq());
    CHECK(frames[1].at("type") == "channel");
    CHECK(frames[1].at("data").at("name") == "Support");
}

TEST_CASE("a change whose hint was lost comes with the next look at the watched workspaces") {
    Feed feed;
    const auto page = feed.open();
    feed.rename("Sales");
    feed.hub.poll();
    CHECK(page->frames(2).size() == 2);
    feed.hub.poll();
    feed.rename("Service");
    feed.hub.poll();
    const auto frames = page->frames(3);
    REQUIRE(frames.size() == 3);  // and nothing twice
    CHECK(frames[2].at("data").at("name") == "Service");
}

TEST_CASE("a page that was away gets what it missed, one that was away too long is told to load anew") {
    Feed feed;
    feed.rename("first");
    const std::int64_t seen = feed.last_seq();
    feed.rename("second");
    const auto back = feed.open(seen)->frames(2);
    REQUIRE(back.size() == 2);
    CHECK(back[1].at("seq") == seen + 1);
    const Timestamp now = Clock::real_now();
    write(*feed.storage.store, [&](StoreSession& session) { session.prune(now + 1min, now); });
    const auto late = feed.open(seen)->frames(2);
    REQUIRE(late.size() == 2);
    CHECK(late[1].at("type") == "resync");
    CHECK(feed.open(feed.last_seq())->frames(1).size() == 1);
}

TEST_CASE("a page whose session has ended by age is closed, others of its workspace are not") {
    Feed feed;
    const Timestamp now = Clock::real_now();
    const auto old = feed.open({}, feed.workspace, now - 1ms);
    const auto young = feed.open({}, feed.workspace, now + 1h);
    const auto token = feed.open();
    feed.hub.poll();
    CHECK(old->close_code() == 4401);
    CHECK(young->close_code() == 0);
    CHECK(token->close_code() == 0);
    CHECK(feed.hub.watchers() == 2);
}

TEST_CASE("a page hears nothing of another workspace") {
    Feed feed;
    const auto other = write(*feed.storage.store, [&](StoreSession& s) { return s.make_workspace("Other", feed.now); });
    const auto theirs = feed.open({}, other);
    const auto ours = feed.open();
    feed.rename("Sales");
    feed.hub.poll();
    CHECK(ours->frames(2).size() == 2);
    write(*feed.storage.store, [&](StoreSession& s) { s.in(other).note_change("channel", make_uuid()); });
    feed.hub.poll();
    const auto frames = theirs->frames(2);
    REQUIRE(frames.size() == 2);
    CHECK(frames[1].at("type") == "removed");
}
