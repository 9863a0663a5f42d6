// Reads a webhook of a gateway, whatever its shape, and what Okno itself fetched or noticed (channels page of the
// gateway, sections 3, 4 and 5). Pure.
#pragma once

#include "domain/events.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace okno::gateway {

ParsedWebhook parse(const std::string& body);

// Bodies of Okno's own, told apart by their `event`: a message of the history as a shape's gateway keeps it, and what
// watching the session showed.
std::string history_body(std::string_view shape, boost::json::value element, Timestamp now);
std::string notice_body(const ChannelNotice& notice, Timestamp now);

}  // namespace okno::gateway
