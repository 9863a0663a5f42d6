#include "messengers/gateway/session_state.hpp"

namespace okno::gateway {

using Kind = ChannelNotice::Kind;

static ChannelNotice broken(std::string reason) { return {Kind::broken, std::move(reason)}; }

ChannelNotice blocked_notice(const std::string& word) {
    return broken(
        "Blocked: WhatsApp has most likely blocked this number, since its session failed again after each restart (" +
        word + "). See on the phone whether WhatsApp asks to register the number anew. What waits can be taken back.");
}

std::string_view name_of(SessionState state) {
    switch (state) {
        case SessionState::starting: return "STARTING";
        case SessionState::unlinked: return "SCAN_QR_CODE";
        case SessionState::passkey: return "PASSKEY_REQUIRED";
        case SessionState::working: return "WORKING";
        case SessionState::stopped: return "STOPPED";
        case SessionState::asleep: return "ASLEEP";
        case SessionState::failed: return "FAILED";
        case SessionState::limited: return "LIMITED";
        case SessionState::blocked: return "BLOCKED";
    }
    return {};
}

std::optional<ChannelNotice> notice_of(const Session& session, int failures) {
    const std::string& word = session.word;
    switch (session.state) {
        case SessionState::starting: return std::nullopt;  // it will say more
        case SessionState::working: return ChannelNotice{Kind::working, ""};
        case SessionState::unlinked:
            return broken("The phone is no longer linked (" + word +
                          "). In WhatsApp on the phone open Linked devices and scan the QR code that the channel "
                          "shows.");
        case SessionState::passkey:
            return broken("WhatsApp asks for a passkey (" + word + "). Finish the linking in the gateway's dashboard.");
        case SessionState::stopped:
            return broken("The session is stopped in the gateway (" + word +
                          "). Start it there, then check the channel.");
        case SessionState::asleep:
            return broken("The phone does not answer the gateway (" + word +
                          "). Turn it on and bring it to the internet.");
        case SessionState::limited:
            return broken("WhatsApp lets this number send nothing for a while (" + word +
                          "). What waits leaves when the limit ends; write to fewer people and more slowly.");
        case SessionState::blocked:
            return broken("Blocked: WhatsApp has blocked this number (" + word +
                          "). See on the phone whether WhatsApp asks to register the number anew. What waits can be "
                          "taken back.");
        case SessionState::failed: break;
    }
    if (failures >= failures_of_a_ban) return blocked_notice(word);
    return broken("The session failed in the gateway (" + word +
                  "). It is started again by itself, three times at most.");
}

}  // namespace okno::gateway
