// Viber's status codes and the word each comes with. The HTTP status is 200 for all of them.
#pragma once

#include <boost/json.hpp>

#include <string_view>

namespace okno::sim::viber {

enum class Status : int {
    ok = 0,
    invalid_url = 1,
    invalid_auth_token = 2,
    bad_data = 3,
    missing_data = 4,
    receiver_not_registered = 5,
    receiver_not_subscribed = 6,
    account_blocked = 7,
    account_not_found = 8,
    account_suspended = 9,
    webhook_not_set = 10,
    no_suitable_device = 11,
    too_many_requests = 12,
    api_version_not_supported = 13,
    incompatible_with_version = 14,
    account_not_authorized = 15,
    unsupported_country = 21,
    free_messages_exceeded = 23,
    no_balance = 24,
};

std::string_view word_of(Status status);
// {"status": ..., "status_message": ..., "chat_hostname": ...}
boost::json::object answer_with(Status status);

}  // namespace okno::sim::viber
