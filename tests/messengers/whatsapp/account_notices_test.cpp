#include "messengers/whatsapp/account_notices.hpp"

#include "messengers/whatsapp/parse.hpp"

#include <doctest/doctest.h>

using namespace okno;
using okno::whatsapp::read_account_notice;

static std::optional<ChannelNotice> notice(const char* text) {
    const boost::json::value value = boost::json::parse(text);
    return read_account_notice(JsonView(value));
}

TEST_CASE("an account that Meta disables or deletes breaks its channel, and one it gives back works again") {
    CHECK(notice(R"({"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE"}})")->is_broken);
    CHECK(notice(R"({"event":"ACCOUNT_DELETED"})")->is_broken);
    CHECK_FALSE(notice(R"({"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"REINSTATE"}})")->is_broken);
    CHECK_FALSE(notice(R"({"event":"ACCOUNT_RECONNECTED"})")->is_broken);
}

TEST_CASE("a warning leaves the channel working and shows its words") {
    const auto warned = notice(
        R"({"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"SCHEDULE_FOR_DISABLE","waba_ban_date":"May 1"}})");
    CHECK_FALSE(warned->is_broken);
    CHECK(warned->reason.find("May 1") != std::string::npos);
}

TEST_CASE("a disconnected account gives Meta's reason; other news changes nothing") {
    CHECK(notice(R"({"event":"PARTNER_REMOVED","disconnection_info":{"reason":"PRIMARY_INACTIVITY"}})")->reason ==
          "The account was disconnected: PRIMARY_INACTIVITY.");
    CHECK_FALSE(notice(R"({"event":"VOLUME_BASED_PRICING_TIER_UPDATE"})"));
    CHECK_FALSE(notice("{}"));
}

TEST_CASE("the webhook of an account becomes a notice for the channel whose address it was sent to") {
    const ParsedWebhook parsed = whatsapp::parse(
        R"({"object":"whatsapp_business_account","entry":[{"id":"200","changes":[{"field":"account_update","value":{"event":"ACCOUNT_DELETED"}}]}]})");
    REQUIRE(parsed.events.size() == 1);
    CHECK(parsed.events.front().channel_address.empty());
    CHECK(std::get<ChannelNotice>(parsed.events.front().what).is_broken);
}
