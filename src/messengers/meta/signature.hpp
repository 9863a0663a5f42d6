// The handshake and the signature of Meta's webhooks.
#pragma once

#include "app/ports/messenger.hpp"

#include <string_view>

namespace okno::meta {

// True when `header` ("sha256=<hex>") is the HMAC-SHA256 of exactly these bytes under the channel's app secret.
// A channel without a secret verifies nothing.
bool is_signed(std::string_view body, std::string_view header, const Channel& channel);

// GET: answers the challenge or 403. POST: keeps what is signed, 401 for the rest.
Receipt receive(const WebhookRequest& request, const Channel& channel);

}  // namespace okno::meta
