#include "storage/secret_key.hpp"

#include "storage/file_steps.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>

namespace okno::storage {

namespace fs = std::filesystem;

static const char* const variable = "OKNO_SECRET_KEY";

static fs::path file_in(const fs::path& directory) { return directory / "secret.key"; }

static std::optional<SealingKey> key_of_environment() {
    const char* const text = std::getenv(variable);
    if (text == nullptr || *text == '\0') return std::nullopt;
    const auto bytes = from_hex(text);
    SealingKey key;
    if (!bytes || bytes->size() != key.bytes.size())
        throw std::runtime_error(std::string(variable) + " is not a key: it must be 64 hexadecimal digits, the 32" +
                                 " bytes of secret.key as `xxd -p -c 64 secret.key` prints them.");
    std::ranges::copy(*bytes, key.bytes.begin());
    return key;
}

static SealingKey key_of_file(const fs::path& path) {
    SealingKey key;
    if (::access(path.c_str(), R_OK) != 0)
        throw std::runtime_error(path.string() + " cannot be read (" + last_reason() + "): give it back to its owner.");
    std::ifstream in(path, std::ios::binary);
    in.read(reinterpret_cast<char*>(key.bytes.data()), static_cast<std::streamsize>(key.bytes.size()));
    if (in.gcount() != static_cast<std::streamsize>(key.bytes.size()) || in.peek() != std::ifstream::traits_type::eof())
        throw std::runtime_error(path.string() + " is not a key of 32 bytes: put back the file that belongs to this" +
                                 " data directory; without it the channels' credentials cannot be read.");
    return key;
}

// The file appears whole or not at all: a half-written key would make every credential unreadable.
static SealingKey make_key(const fs::path& path) {
    SealingKey key;
    random_bytes(key.bytes.data(), key.bytes.size());
    const std::string fresh = path.string() + ".new";
    const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const auto size = static_cast<ssize_t>(key.bytes.size());
    const bool is_written =
        file >= 0 && ::write(file, key.bytes.data(), key.bytes.size()) == size && ::fsync(file) == 0;
    const std::string reason = is_written ? std::string() : last_reason();
    if (file >= 0) ::close(file);
    if (!is_written) throw std::runtime_error(fresh + " cannot be written: " + reason);
    fs::rename(fresh, path);
    return key;
}

SealingKey read_key(const fs::path& directory) {
    const fs::path path = file_in(directory);
    const auto given = key_of_environment();
    if (!given) return key_of_file(path);
    if (fs::exists(path) && key_of_file(path).bytes != given->bytes)
        throw std::runtime_error(std::string(variable) + " and " + path.string() +
                                 " are two different keys: remove the one that does not belong to this installation.");
    return *given;
}

SealingKey read_or_make_key(const fs::path& directory) {
    const fs::path path = file_in(directory);
    if (key_of_environment() || fs::exists(path)) return read_key(directory);
    // A new key beside databases that were sealed with another would make every channel unusable without a word.
    if (fs::exists(directory / "okno.db"))
        throw std::runtime_error(path.string() + " is missing: put back the file that belongs to " +
                                 (directory / "okno.db").string() +
                                 "; without it the channels' credentials cannot be read.");
    return make_key(path);
}

}  // namespace okno::storage
