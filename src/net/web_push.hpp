// A message to a browser that has no page of ours open, by way of its maker's push service (RFC 8030): encrypted so
// that only that browser reads it (RFC 8291), signed so that the service knows who sends (VAPID, RFC 8292).
#pragma once

#include "base/crypto.hpp"
#include "base/http.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "net/p256_key.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace okno::net {

// What an installation signs with. It comes of the secret key, so every node has the same, and so has what was
// restored.
P256Key push_key(const SealingKey& secret);

// Where a browser is reached, as it told us.
struct PushTarget {
    std::string endpoint;     // an address at its maker's push service
    std::string browser_key;  // its public key `p256dh`: an uncompressed point of P-256, 65 bytes
    std::string auth;         // its secret `auth`, 16 bytes
};

struct PushMessage {
    std::string text;   // of 3,000 bytes at most
    std::string topic;  // a later one of the same topic takes its place while it waits; 32 letters of base64url at most
    std::chrono::seconds kept{0};  // how long the service keeps it for a browser that is away
};

// The body for a browser whose keys these are; `salt` of 16 bytes and `sender` are made anew for each message. Nothing
// when `browser_key` is no point of P-256.
std::optional<std::string> encrypt_for_browser(std::string_view text, std::string_view browser_key,
                                               std::string_view auth, std::string_view salt, const P256Key& sender);

// The call that hands it to the service. `contact`: an https: or mailto: address of whoever runs the server.
// Error: the browser's key is not one.
Result<HttpRequest> push_request(const P256Key& key, const PushTarget& to, const PushMessage& message,
                                 const std::string& contact, Timestamp real_now);

}  // namespace okno::net
