#include "messengers/gateway/session_state.hpp"

namespace okno::gateway {

using Kind = ChannelNotice::Kind;

static ChannelNotice broken(std::string reason) { return {Kind::broken, std::move(reason)}; }

ChannelNotice blocked_notice() {
    return broken(
        "Blocked: WhatsApp has most likely blocked this number, since its session failed again after each restart "
        "(FAILED). See on the phone whether WhatsApp asks to register the number anew. What waits can be taken back.");
}

std::optional<ChannelNotice> notice_of(std::string_view status, int failures) {
    if (status == "WORKING") return ChannelNotice{Kind::working, ""};
    if (status == "SCAN_QR_CODE")
        return broken(
            "The phone is no longer linked (SCAN_QR_CODE). In WhatsApp on the phone open Linked devices and scan the "
            "QR code that the channel shows.");
    if (status.starts_with("PASSKEY_"))
        return broken("WhatsApp asks for a passkey (" + std::string(status) +
                      "). Finish the linking in the gateway's dashboard.");
    if (status == "STOPPED")
        return broken("The session is stopped in the gateway (STOPPED). Start it there, then check the channel.");
    if (status != "FAILED") return std::nullopt;  // STARTING: it will say more
    if (failures >= failures_of_a_ban) return blocked_notice();
    return broken("The session failed in the gateway (FAILED). It is started again by itself, three times at most.");
}

}  // namespace okno::gateway
