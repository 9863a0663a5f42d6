// What a message of a bot may be, whoever it goes to.
#pragma once

#include "providers/viber/statuses.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>

namespace okno::sim::viber {

// Empty: it may be.
std::optional<Status> check_message(const boost::json::object& message);

// Whether Viber would call or fetch it: https, and plain http on this machine alone, where tests run.
bool is_public_address(std::string_view url);

// What must be true of the bytes that the phone fetches for this kind: empty, or what is wrong.
std::string check_bytes(const boost::json::object& message, std::string_view mime, std::size_t size);

}  // namespace okno::sim::viber
