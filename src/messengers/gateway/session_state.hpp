// What the state of a gateway's session means for its channel (channels page of the gateway, section 5).
#pragma once

#include "domain/events.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace okno::gateway {

constexpr int failures_of_a_ban = 4;  // one, and one after each of three restarts

// What the states of all gateways come down to.
enum class SessionState {
    starting,
    unlinked,  // a phone has to link it
    passkey,   // so it has, with a passkey in the gateway's own pages
    working,
    stopped,  // by somebody
    asleep,   // its phone does not answer
    failed,   // it may work after a restart
    limited,  // WhatsApp lets it send nothing for a while
    blocked,
};

// In WAHA's words: how it is remembered.
std::string_view name_of(SessionState state);

struct Session {
    SessionState state = SessionState::starting;
    std::string word{};    // the gateway's own
    std::string number{};  // digits of the account that is linked; empty: not told
};

// In words for operators. `failures`: how often the session failed lately. Empty: nothing to be told.
std::optional<ChannelNotice> notice_of(const Session& session, int failures);

// The account was blocked by WhatsApp, as far as restarts that did not help can tell.
ChannelNotice blocked_notice(const std::string& word);

}  // namespace okno::gateway
