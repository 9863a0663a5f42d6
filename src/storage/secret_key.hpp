// The key that seals the credentials of channels: `secret.key` of the data directory, or OKNO_SECRET_KEY.
#pragma once

#include "base/crypto.hpp"

#include <filesystem>

namespace okno::storage {

// The key of an installation that has one. OKNO_SECRET_KEY holds its 32 bytes as 64 hexadecimal digits, and must be the
// key of the file when both are there. Throws std::runtime_error that says what to do when there is none, it is no key
// or the two differ.
SealingKey read_key(const std::filesystem::path& directory);

// As read_key; makes the file in a directory that has neither a key nor a database.
SealingKey read_or_make_key(const std::filesystem::path& directory);

}  // namespace okno::storage
