// What Meta says of the account as a whole: field `account_update`.
#pragma once

#include "base/json.hpp"
#include "domain/events.hpp"

#include <optional>

namespace okno::whatsapp {

// Empty for news that changes nothing for sending.
std::optional<ChannelNotice> read_account_notice(const JsonView& value);

}  // namespace okno::whatsapp
