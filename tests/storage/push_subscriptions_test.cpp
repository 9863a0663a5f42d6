// Browsers that are told while no page is open.
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

UserId a_user(Ground& ground, const std::string& role) {
    User user;
    user.id = make_id<UserId>();
    user.workspace = ground.workspace;
    user.email = user.id.value().text() + "@okno.test";
    user.name = role;
    user.role = role;
    write(*ground.storage.store, [&](StoreSession& session) { session.insert_user(user, ground.now); });
    return user.id;
}

// Signed in for an hour.
std::string a_session(Ground& ground, UserId user) {
    const std::string hash = user.value().text().substr(0, 16);
    write(*ground.storage.store,
          [&](StoreSession& session) { session.insert_session(hash, user, "csrf", ground.now + 1h); });
    return hash;
}

PushSubscription a_subscription(UserId user, const std::string& session, const std::string& endpoint) {
    return {.id = make_id<PushSubscriptionId>(),
            .user = user,
            .session_hash = session,
            .endpoint = endpoint,
            .browser_key = std::string(65, '\x04'),
            .auth = "sixteen bytes...",
            .language = "ru"};
}

std::vector<std::string> told(Ground& ground, Timestamp at) {
    std::vector<std::string> out;
    ground.in_workspace([&](Transaction& tx) {
        for (const PushSubscription& one : tx.push_subscriptions_of_admins(at))
            out.push_back(one.endpoint);
    });
    return out;
}

}  // namespace

TEST_CASE("owners and admins are told, as long as they are signed in there") {
    Ground ground;
    for (const std::string role : {"owner", "admin", "operator"}) {
        const UserId user = a_user(ground, role);
        const std::string session = a_session(ground, user);
        ground.in_workspace(
            [&](Transaction& tx) { tx.save_push_subscription(a_subscription(user, session, "https://" + role)); });
    }
    CHECK(told(ground, ground.now) == std::vector<std::string>{"https://owner", "https://admin"});
    CHECK(told(ground, ground.now + 2h).empty());
}

TEST_CASE("who signed out is told no more, and what is kept of the browser goes with the next sweep") {
    Ground ground;
    const UserId owner = a_user(ground, "owner");
    const std::string session = a_session(ground, owner);
    const PushSubscription browser = a_subscription(owner, session, "https://one");
    ground.in_workspace([&](Transaction& tx) { tx.save_push_subscription(browser); });
    write(*ground.storage.store, [&](StoreSession& now) { now.delete_session(session); });
    CHECK(told(ground, ground.now).empty());
    write(*ground.storage.store, [&](StoreSession& now) { now.prune(ground.now, ground.now); });
    ground.in_workspace([&](Transaction& tx) { CHECK_FALSE(tx.delete_push_subscription(owner, browser.id)); });
}

TEST_CASE("the same endpoint again takes the place of what was kept of it, under its id") {
    Ground ground;
    const UserId owner = a_user(ground, "owner");
    const std::string session = a_session(ground, owner);
    const PushSubscription first = a_subscription(owner, session, "https://one");
    PushSubscription second = a_subscription(owner, session, "https://one");
    second.auth = "other 16 bytes..";
    second.language = "en";
    ground.in_workspace([&](Transaction& tx) {
        CHECK(tx.save_push_subscription(first) == first.id);
        CHECK(tx.save_push_subscription(second) == first.id);
        const auto kept = tx.push_subscriptions_of_admins(ground.now);
        REQUIRE(kept.size() == 1);
        CHECK(kept[0].auth == second.auth);
        CHECK(kept[0].browser_key == second.browser_key);
        CHECK(kept[0].language == "en");
    });
}

TEST_CASE("of one user the newest twenty browsers are kept, and only its own are taken away") {
    Ground ground;
    const UserId owner = a_user(ground, "owner");
    const UserId admin = a_user(ground, "admin");
    const std::string session = a_session(ground, owner);
    std::vector<std::string> wanted;
    PushSubscriptionId last;
    ground.in_workspace([&](Transaction& tx) {
        for (int i = 0; i < 23; ++i) {
            const std::string endpoint = "https://push/" + std::to_string(i);
            last = tx.save_push_subscription(a_subscription(owner, session, endpoint));
            if (i >= 3) wanted.push_back(endpoint);
        }
    });
    CHECK(told(ground, ground.now) == wanted);
    ground.in_workspace([&](Transaction& tx) {
        CHECK_FALSE(tx.delete_push_subscription(admin, last));
        CHECK(tx.delete_push_subscription(owner, last));
    });
    wanted.pop_back();
    CHECK(told(ground, ground.now) == wanted);
}
