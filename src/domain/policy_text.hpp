// The rules of a channel as the JSON object that the API shows and the storage keeps.
#pragma once

#include "domain/channel_policy.hpp"

#include <string>

namespace okno {

// `before` with what the JSON object `wanted` names. The error names its member, behind "policy."; `policy_fixed` when
// the messenger does not leave it to an admin.
Result<ChannelPolicy> changed_policy(const MessengerTraits& messenger, ChannelPolicy before, const std::string& wanted);

std::string write_policy(const ChannelPolicy& policy);
// What cannot be read is as a new channel has it.
ChannelPolicy read_policy(const std::string& text);

}  // namespace okno
