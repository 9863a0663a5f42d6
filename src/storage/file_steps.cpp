#include "storage/file_steps.hpp"

#include "base/crypto.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace okno::storage {

namespace fs = std::filesystem;

std::string last_reason() { return std::generic_category().message(errno); }

[[noreturn]] static void give_up(const fs::path& path, const std::string& what) {
    throw std::runtime_error(path.string() + " cannot be " + what + ": " + last_reason() + ".");
}

void sync_path(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_synced = file >= 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (!is_synced) give_up(path, "written");
}

FileSum sum_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) give_up(path, "read");
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    std::vector<char> piece(1 << 18);
    FileSum out;
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
        crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(piece.data()),
                                  static_cast<unsigned long long>(in.gcount()));
        out.size += in.gcount();
    }
    if (in.bad()) give_up(path, "read");
    Sha256 hash;
    crypto_hash_sha256_final(&state, hash.data());
    out.sha256 = to_hex(hash.data(), hash.size());
    return out;
}

void copy_durably(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::copy_file(from, to, error);
    if (error) throw std::runtime_error(from.string() + " cannot be copied: " + error.message() + ".");
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
    sync_path(to);
}

void link_or_copy(const fs::path& from, const fs::path& to) {
    if (::link(from.c_str(), to.c_str()) != 0) return copy_durably(from, to);
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
}

void write_durably(const fs::path& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool is_written =
        file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    const int reason = errno;
    if (file >= 0) ::close(file);
    errno = reason;
    if (!is_written) give_up(path, "written");
}

}  // namespace okno::storage
