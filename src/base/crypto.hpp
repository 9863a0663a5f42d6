// The few cryptographic steps Okno needs, over libsodium and OpenSSL.
#pragma once

#include "base/secret.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace okno {

using Sha256 = std::array<std::uint8_t, 32>;

void random_bytes(void* to, std::size_t size);
// `bytes` random bytes as base64url without padding: for tokens and channel keys.
std::string random_token(std::size_t bytes);

Sha256 sha256(std::string_view data);
Sha256 hmac_sha256(std::string_view key, std::string_view data);
// The first 16 bytes of SHA-256: the key under which a provider's id of any length is unique.
std::string short_hash(std::string_view data);

std::string to_hex(const void* data, std::size_t size);
// Nothing when it is not pairs of hexadecimal digits and no more.
std::optional<std::string> from_hex(std::string_view digits);
// Compares in a time that does not depend on where the two differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// Argon2id with libsodium's interactive limits (64 MiB, about 0.1 s): run it on a worker, never on an I/O thread.
std::string hash_password(const Secret& password);
bool is_password(const Secret& password, const std::string& hash);

// A 32-byte key for sealing credentials at rest.
struct SealingKey {
    std::array<std::uint8_t, 32> bytes{};
};

// XChaCha20-Poly1305; `context` (workspace, channel, field) is authenticated, so a value cannot be moved to
// another place. `open_sealed` is empty when the key or the context is not the one it was sealed with.
std::string seal(const SealingKey& key, std::string_view context, std::string_view plain);
std::optional<std::string> open_sealed(const SealingKey& key, std::string_view context, std::string_view sealed);

}  // namespace okno
