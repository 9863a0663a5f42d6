// What a keyboard, or the buttons of rich media, may be.
#pragma once

#include "providers/viber/statuses.hpp"

#include <boost/json.hpp>

#include <optional>

namespace okno::sim::viber {

// `version` is the message's min_api_version. Empty: it may be.
std::optional<Status> check_keyboard(const boost::json::object& keyboard, std::int64_t version);
std::optional<Status> check_rich_media(const boost::json::object& rich_media, std::int64_t version);

}  // namespace okno::sim::viber
