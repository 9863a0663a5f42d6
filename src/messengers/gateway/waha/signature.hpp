// Proof of the sender: HMAC-SHA512 of the raw body (channels page of the gateway, section 2).
#pragma once

#include <string>
#include <string_view>

namespace okno::gateway::waha {

// Hexadecimal, in small letters.
std::string signature_of(std::string_view secret, std::string_view body);
bool is_signed(std::string_view secret, std::string_view body, std::string_view signature);

}  // namespace okno::gateway::waha
