// Answers kept under an Idempotency-Key.
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

TEST_CASE("a key is kept once for its user, with the answer when there is one") {
    Ground ground;
    const UserId anna = make_id<UserId>();
    const UserId maria = make_id<UserId>();
    ground.in_workspace([&](Transaction& tx) {
        CHECK(tx.keep_reply(anna, "k", {"asked", 0, ""}, ground.now));
        CHECK_FALSE(tx.keep_reply(anna, "k", {"other", 0, ""}, ground.now + 30s));
        CHECK(tx.keep_reply(maria, "k", {"asked", 0, ""}, ground.now));
        tx.complete_reply(anna, "k", 201, "{\"verify_token\":\"t\"}");
        const auto kept = tx.kept_reply(anna, "k");
        REQUIRE(kept);
        CHECK(kept->request == "asked");
        CHECK(kept->status == 201);
        CHECK(kept->body == "{\"verify_token\":\"t\"}");
        CHECK(tx.kept_reply(maria, "k")->status == 0);
        tx.forget_reply(maria, "k");
        CHECK_FALSE(tx.kept_reply(maria, "k"));
    });
}

TEST_CASE("a key whose request was never answered is free after a minute, an answered one only after a day") {
    Ground ground;
    const UserId anna = make_id<UserId>();
    ground.in_workspace([&](Transaction& tx) {
        CHECK(tx.keep_reply(anna, "lost", {"asked", 0, ""}, ground.now));
        CHECK(tx.keep_reply(anna, "lost", {"again", 0, ""}, ground.now + 2min));
        CHECK(tx.keep_reply(anna, "done", {"asked", 0, ""}, ground.now));
        tx.complete_reply(anna, "done", 201, "");
        CHECK_FALSE(tx.keep_reply(anna, "done", {"asked", 0, ""}, ground.now + 23h));
    });
    write(*ground.storage.store, [&](StoreSession& session) { session.prune(ground.now, ground.now + 23h); });
    ground.in_workspace([&](Transaction& tx) { CHECK(tx.kept_reply(anna, "done")); });
    write(*ground.storage.store, [&](StoreSession& session) { session.prune(ground.now, ground.now + 25h); });
    ground.in_workspace([&](Transaction& tx) { CHECK_FALSE(tx.kept_reply(anna, "done")); });
}
