#include "domain/channel_policy.hpp"

#include <doctest/doctest.h>

using namespace okno;

static std::string code_of(const std::optional<Error>& error) { return error ? error->code : ""; }

TEST_CASE("a new channel takes everything but marketing, at any time") {
    for (const Purpose purpose : all_purposes) {
        CAPTURE(name_of(purpose));
        const bool is_refused = check_policy({}, {}, {purpose}).has_value();
        CHECK(is_refused == (purpose == Purpose::marketing));
    }
    CHECK_FALSE(check_policy({}, {}, {Purpose::support, true, true}));
    CHECK_FALSE(check_hours({}, Timestamp{}));
}

TEST_CASE("marketing goes once an admin turned it on") {
    ChannelPolicy policy;
    CHECK(code_of(check_policy({}, policy, {Purpose::marketing})) == "purpose_not_allowed");
    policy.purposes.insert(Purpose::marketing);
    CHECK_FALSE(check_policy({}, policy, {Purpose::marketing}));
}

TEST_CASE("a channel that only replies writes to nobody first") {
    const ChannelPolicy policy{.is_reply_only = true};
    CHECK(code_of(check_policy({}, policy, {.is_first = true})) == "reply_only");
    CHECK_FALSE(check_policy({}, policy, {.is_first = false}));
}

TEST_CASE("a messenger's own rules hold whatever an admin set") {
    const MessengerTraits strict{.is_reply_only = true, .takes_broadcasts = false};
    const ChannelPolicy loose{.is_reply_only = false, .takes_broadcasts = true};
    CHECK(code_of(check_policy(strict, loose, {.is_first = true})) == "reply_only");
    CHECK(code_of(check_policy(strict, loose, {.is_broadcast = true})) == "broadcast_not_allowed");
    CHECK(policy_in_force(strict, loose) == ChannelPolicy{.is_reply_only = true, .takes_broadcasts = false});
}

TEST_CASE("an admin may be stricter than the messenger") {
    const ChannelPolicy policy{.takes_broadcasts = false};
    CHECK(code_of(check_policy({}, policy, {.is_broadcast = true})) == "broadcast_not_allowed");
}

TEST_CASE("a refusal says why and the way out, and who can change it") {
    const MessengerTraits strict{.is_reply_only = true, .takes_broadcasts = false};
    const auto by_kind = check_policy(strict, {}, {.is_first = true});
    const auto by_admin = check_policy({}, {.is_reply_only = true}, {.is_first = true});
    REQUIRE((by_kind && by_admin));
    CHECK(by_kind->kind == ErrorKind::conflict);
    CHECK(by_kind->detail.find("choose another channel") != std::string::npos);
    CHECK(by_kind->detail.find("admin") == std::string::npos);
    CHECK(by_admin->detail.find("have an admin change the rules") != std::string::npos);
}

TEST_CASE("outside the hours the refusal names them") {
    const ChannelPolicy policy{.hours = SendingHours{.from = 9h, .to = 18h}};
    CHECK_FALSE(check_hours(policy, *parse_rfc3339("2026-05-11T09:00:00Z")));
    const auto refused = check_hours(policy, *parse_rfc3339("2026-05-11T18:00:00Z"));
    REQUIRE(refused);
    CHECK(refused->code == "outside_hours");
    CHECK(refused->detail.find("from 09:00 to 18:00 (UTC+00:00)") != std::string::npos);
}

TEST_CASE("purposes are read by the words they are written with") {
    for (const Purpose purpose : all_purposes)
        CHECK(read_purpose(name_of(purpose)) == purpose);
    CHECK_FALSE(read_purpose("spam"));
}
