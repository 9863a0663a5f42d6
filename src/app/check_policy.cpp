#include "app/check_policy.hpp"

namespace okno {

std::optional<Error> refused_by_policy(Transaction& tx, const Messenger& messenger, const Channel& channel,
                                       std::optional<ConversationId> to, PlannedMessage planned) {
    // Asked only where it matters.
    if (policy_in_force(messenger.traits(), channel.policy).is_reply_only)
        planned.is_first = !to || !tx.has_customer_written(*to);
    return check_policy(messenger.traits(), channel.policy, planned);
}

}  // namespace okno
