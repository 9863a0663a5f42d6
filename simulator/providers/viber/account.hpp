// What a bot asks of itself and of people.
#pragma once

#include "providers/viber/call.hpp"

namespace okno::sim::viber {

Answer account_info(Site& site, const Call& call);
Answer user_details(Site& site, const Call& call);
Answer online(Site& site, const Call& call);

// Empty: the webhook may be tried, or is removed when its url is empty. Changes nothing.
std::optional<Status> check_webhook(const Call& call);
// After its url answered, or when it is removed.
json::object keep_webhook(Bot& bot, const json::object& wanted);

}  // namespace okno::sim::viber
