#include "messengers/whatsapp/account_notices.hpp"

#include <doctest/doctest.h>

using namespace okno;
using okno::whatsapp::read_account_notice;

static std::optional<ChannelNotice> notice(const char* text) {
    const boost::json::value value = boost::json::parse(text);
    return read_account_notice(JsonView(value));
}

TEST_CASE("an account that Meta disables or deletes breaks its channel, and one it gives back works again") {
    CHECK(notice(R"({"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE"}})")->kind ==
          ChannelNotice::Kind::broken);
    CHECK(notice(R"({"event":"ACCOUNT_DELETED"})")->kind == ChannelNotice::Kind::broken);
    CHECK_FALSE(notice(R"({"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"REINSTATE"}})")->kind ==
                ChannelNotice::Kind::broken);
    CHECK_FALSE(notice(R"({"event":"ACCOUNT_RECONNECTED"})")->kind == ChannelNotice::Kind::broken);
}

TEST_CASE("a warning leaves the channel working and shows its words") {
    const auto warned = notice(
        R"({"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"SCHEDULE_FOR_DISABLE","waba_ban_date":"May 1"}})");
    CHECK_FALSE(warned->kind == ChannelNotice::Kind::broken);
    CHECK(warned->reason.find("May 1") != std::string::npos);
}

TEST_CASE("of several restrictions the one that stops everything counts, with its last day") {
    const auto restricted = notice(R"({"event":"ACCOUNT_RESTRICTION","restriction_info":[
        {"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":"1795100000"},
        {"restriction_type":"RESTRICTED_CUSTOMER_INITIATED_MESSAGING","expiration":1795200000}]})");
    CHECK(restricted->kind == ChannelNotice::Kind::broken);
    CHECK(restricted->reason.find("2026-11-20") != std::string::npos);
}

TEST_CASE("a disconnected account gives Meta's reason; other news changes nothing") {
    CHECK(notice(R"({"event":"PARTNER_REMOVED","disconnection_info":{"reason":"PRIMARY_INACTIVITY"}})")->reason ==
          "The account was disconnected: PRIMARY_INACTIVITY.");
    CHECK_FALSE(notice(R"({"event":"VOLUME_BASED_PRICING_TIER_UPDATE"})"));
    CHECK_FALSE(notice("{}"));
}
