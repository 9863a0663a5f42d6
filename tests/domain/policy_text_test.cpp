// The rules of a channel as an admin writes them and as they are kept.
#include "domain/policy_text.hpp"

#include <doctest/doctest.h>

using namespace okno;

static Result<ChannelPolicy> change(const std::string& text, const MessengerTraits& messenger = {},
                                    ChannelPolicy before = {}) {
    return changed_policy(messenger, std::move(before), text);
}

TEST_CASE("rules are kept as they were set") {
    const ChannelPolicy policy{
        .is_reply_only = true,
        .takes_broadcasts = false,
        .purposes = {Purpose::marketing},
        .hours = SendingHours{
            .days = {true, false, false, false, false, false, true}, .from = 9h + 30min, .to = 24h, .utc_offset = -3h}};
    CHECK(read_policy(write_policy(policy)) == policy);
    CHECK(read_policy("{}") == ChannelPolicy{});
    CHECK(read_policy("not JSON") == ChannelPolicy{});
}

TEST_CASE("what is not named stays, and hours are taken away by null") {
    const ChannelPolicy before{.is_reply_only = true, .hours = SendingHours{.from = 9h, .to = 18h}};
    const auto same = change(R"({"broadcasts": false})", {}, before);
    REQUIRE(same);
    CHECK(same->is_reply_only);
    CHECK_FALSE(same->takes_broadcasts);
    CHECK(same->hours == before.hours);
    CHECK_FALSE(change(R"({"hours": null})", {}, before)->hours);
}

TEST_CASE("what is wrong is named") {
    for (const auto& [text, field] :
         {std::pair{R"({"reply_only": "yes"})", "policy.reply_only"},
          {R"({"purposes": []})", "policy.purposes"},
          {R"({"purposes": ["spam"]})", "policy.purposes"},
          {R"({"hours": {"from": "25:00", "to": "26:00"}})", "policy.hours.from"},
          {R"({"hours": {"from": "18:00", "to": "09:00"}})", "policy.hours.to"},
          {R"({"hours": {"from": "09:00", "to": "18:00", "days": [8]}})", "policy.hours.days"},
          {R"({"hours": {"from": "09:00", "to": "18:00", "days": []}})", "policy.hours.days"},
          {R"({"hours": {"from": "09:00", "to": "18:00", "utc_offset": "3"}})", "policy.hours.utc_offset"},
          {R"({"hours": 5})", "policy.hours.from"},
          {R"(7)", "policy"}}) {
        CAPTURE(text);
        const auto changed = change(text);
        REQUIRE_FALSE(changed);
        CHECK(changed.error().kind == ErrorKind::invalid);
        CHECK(changed.error().where == field);
    }
}

TEST_CASE("the messenger's own rules cannot be loosened, and may be said again") {
    const MessengerTraits strict{.is_reply_only = true, .takes_broadcasts = false};
    CHECK(change(R"({"reply_only": false})", strict).error().code == "policy_fixed");
    CHECK(change(R"({"broadcasts": true})", strict).error().where == "policy.broadcasts");
    CHECK(change(R"({"reply_only": true, "broadcasts": false})", strict));
}
