#include "media/file_facts.hpp"

#include "base/crypto.hpp"

#include <fcntl.h>
#include <magic.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <system_error>
#include <vector>

namespace okno::media {

std::unexpected<Error> disk_error(const std::string& what) {
    return fail(ErrorKind::unavailable, "unavailable",
                what + " cannot be stored: " + std::generic_category().message(errno));
}

bool sync_to_disk(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_synced = file >= 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    return is_synced;
}

static std::string mime_of(const std::string& path) {
    // Loading the database is slow and its handle serves one thread: one for each thread that asks.
    thread_local const std::unique_ptr<magic_set, decltype(&magic_close)> cookie = [] {
        std::unique_ptr<magic_set, decltype(&magic_close)> made(magic_open(MAGIC_MIME_TYPE), magic_close);
        magic_load(made.get(), nullptr);
        return made;
    }();
    const char* found = magic_file(cookie.get(), path.c_str());
    std::string mime = found == nullptr ? "application/octet-stream" : found;
    if (mime == "audio/x-m4a") return "audio/mp4";
    if (mime == "application/ogg" || mime == "video/ogg") return "audio/ogg";
    return mime;
}

Result<StoredFile> read_facts(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return disk_error(path);
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    std::vector<char> piece(1 << 16);
    StoredFile out;
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
        crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(piece.data()),
                                  static_cast<unsigned long long>(in.gcount()));
        out.size += in.gcount();
    }
    Sha256 hash;
    crypto_hash_sha256_final(&state, hash.data());
    out.sha256 = to_hex(hash.data(), hash.size());
    out.mime = mime_of(path);
    return out;
}

}  // namespace okno::media
