#include "messengers/gateway/waha/signature.hpp"

#include "base/crypto.hpp"

#include <sodium.h>

#include <array>

namespace okno::gateway::waha {

std::string signature_of(std::string_view secret, std::string_view body) {
    const auto bytes = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
    crypto_auth_hmacsha512_state state;
    crypto_auth_hmacsha512_init(&state, bytes(secret), secret.size());
    crypto_auth_hmacsha512_update(&state, bytes(body), body.size());
    std::array<unsigned char, crypto_auth_hmacsha512_BYTES> out{};
    crypto_auth_hmacsha512_final(&state, out.data());
    return to_hex(out.data(), out.size());
}

bool is_signed(std::string_view secret, std::string_view body, std::string_view signature) {
    return !secret.empty() && equal_in_constant_time(signature_of(secret, body), signature);
}

}  // namespace okno::gateway::waha
