// What Meta says of the account as a whole: field `account_update`, and errors that are no message's.
#pragma once

#include "base/json.hpp"
#include "domain/events.hpp"

#include <optional>

namespace okno::whatsapp {

// Empty for news that changes nothing for sending.
std::optional<ChannelNotice> read_account_notice(const JsonView& value);

// What one element of `errors[]` of a whole webhook value says of its channel.
ChannelNotice notice_of(const JsonView& error);

}  // namespace okno::whatsapp
