// The greeting of somebody who opened the chat and wrote nothing yet (channels page of Viber, section 4).
#pragma once

#include "base/json.hpp"
#include "domain/channel.hpp"

#include <string>

namespace okno::viber {

// The name and the picture under which we write.
boost::json::object sender_of(const Channel& channel);

// The answer to a `conversation_started`: a message, or nothing when there is no text for it or the person may be
// written to without it. The token of the link that led here lies in its button too, since Viber tells it only once.
std::string welcome_for(const JsonView& callback, const Channel& channel);

// The token in the payload of the welcome's button; empty: it is of another button.
std::string token_in(const std::string& payload);

// What of the settings Viber would refuse.
Result<void> check_settings(const std::map<std::string, std::string>& settings);

}  // namespace okno::viber
