// Bodies of `POST /<version>/<phone_number_id>/messages`.
#pragma once

#include "app/ports/messenger.hpp"

#include <string>
#include <vector>

namespace okno::whatsapp {

// The JSON body of a message; `content` as rendering.hpp says, `location` and `reaction` as the Cloud API has them.
// Errors: `type_not_supported`, `bad_content` naming the field, `no_address`.
Result<std::string> render_send(const OutboundMessage& message);

// A request to the channel's number; `path` follows the version, such as "1234567890/messages".
HttpRequest graph_request(const Channel& channel, std::string method, const std::string& path);

}  // namespace okno::whatsapp
