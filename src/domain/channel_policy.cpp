#include "domain/channel_policy.hpp"

namespace okno {

ChannelPolicy policy_in_force(const MessengerTraits& messenger, ChannelPolicy set_by_admin) {
    set_by_admin.is_reply_only = set_by_admin.is_reply_only || messenger.is_reply_only;
    set_by_admin.takes_broadcasts = set_by_admin.takes_broadcasts && messenger.takes_broadcasts;
    return set_by_admin;
}

static Error refused(std::string code, std::string detail, std::string where) {
    return {ErrorKind::conflict, std::move(code), std::move(detail), std::move(where)};
}

static Error no_broadcasts(const MessengerTraits& messenger) {
    if (messenger.takes_broadcasts)
        return refused("broadcast_not_allowed",
                       "The rules of this channel allow no broadcasts. Choose another channel, or have an admin allow "
                       "them in the rules of the channel.",
                       "broadcast");
    return refused(
        "broadcast_not_allowed",
        "No broadcast goes through a channel of this kind, since its account would be blocked for it. Choose "
        "a channel of another messenger.",
        "broadcast");
}

static Error no_first_message(const MessengerTraits& messenger) {
    if (!messenger.is_reply_only)
        return refused("reply_only",
                       "By the rules of this channel only who has written to us is answered, and this person has not. "
                       "Wait for them to write, send them a link to the channel, or have an admin change the rules.",
                       "channel_id");
    return refused("reply_only",
                   "Through a channel of this kind nobody is written to first, since its account would be blocked for "
                   "it. Wait for the person to write, send them a link to the channel, or choose another channel.",
                   "channel_id");
}

std::optional<Error> check_policy(const MessengerTraits& messenger, const ChannelPolicy& set_by_admin,
                                  const PlannedMessage& planned) {
    const ChannelPolicy policy = policy_in_force(messenger, set_by_admin);
    if (planned.is_broadcast && !policy.takes_broadcasts) return no_broadcasts(messenger);
    if (!policy.purposes.contains(planned.purpose))
        return refused("purpose_not_allowed",
                       "The rules of this channel allow no messages for the purpose " +
                           std::string(name_of(planned.purpose)) +
                           ". Choose another channel, or have an admin allow the purpose in the rules of the channel.",
                       "purpose");
    if (planned.is_first && policy.is_reply_only) return no_first_message(messenger);
    return std::nullopt;
}

std::optional<Error> check_hours(const ChannelPolicy& policy, Timestamp now) {
    if (!policy.hours || is_open(*policy.hours, now)) return std::nullopt;
    return refused("outside_hours",
                   "By its rules this channel sends " + words_of(*policy.hours) +
                       ". Send it then, or have an admin change the hours in the rules of the channel.",
                   "");
}

}  // namespace okno
