// What may be sent through a channel: whom it may go to, for which purposes, and when.
//
// A messenger's traits are the floor that no admin goes below; above it the rules are what an admin sets. One check
// binds operators, flows, promises, broadcasts and the API, when a message is composed and when it leaves.
#pragma once

#include "base/result.hpp"
#include "domain/purpose.hpp"
#include "domain/reply_window.hpp"
#include "domain/sending_hours.hpp"

#include <optional>
#include <set>

namespace okno {

struct ChannelPolicy {
    bool is_reply_only = false;  // only who has written to us is written to
    bool takes_broadcasts = true;
    // Marketing is off until an admin turns it on.
    std::set<Purpose> purposes{Purpose::support, Purpose::sales, Purpose::research, Purpose::notification};
    std::optional<SendingHours> hours{};  // none: at any time

    bool operator==(const ChannelPolicy&) const = default;
};

// What holds: the admin's rules, as far as the messenger allows them.
ChannelPolicy policy_in_force(const MessengerTraits& messenger, ChannelPolicy set_by_admin);

// What is about to be written to a person.
struct PlannedMessage {
    Purpose purpose = Purpose::support;
    bool is_broadcast = false;  // one of many alike
    bool is_first = false;      // the person never wrote to us in this channel
};

// Why it may not be sent, with a stable code, the reason and the way out: `broadcast_not_allowed`,
// `purpose_not_allowed`, `reply_only`. Empty: it may, as far as the hours allow.
std::optional<Error> check_policy(const MessengerTraits& messenger, const ChannelPolicy& set_by_admin,
                                  const PlannedMessage& planned);

// `outside_hours`, likewise.
std::optional<Error> check_hours(const ChannelPolicy& policy, Timestamp now);

}  // namespace okno
