#include "media/disk_files.hpp"

#include "base/crypto.hpp"
#include "base/uuid.hpp"

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

namespace fs = std::filesystem;

static std::unexpected<Error> disk_error(const std::string& what) {
    return fail(ErrorKind::unavailable, "unavailable",
                what + " cannot be stored: " + std::generic_category().message(errno));
}

DiskFiles::DiskFiles(fs::path folder) : folder_(std::move(folder)) {
    fs::remove_all(folder_ / "incoming");
    fs::create_directories(folder_ / "incoming");
}

std::string DiskFiles::incoming() const { return folder_ / "incoming"; }

std::string DiskFiles::new_part() const { return folder_ / "incoming" / make_uuid().text(); }

std::string DiskFiles::path_of(const std::string& sha256) const { return folder_ / sha256.substr(0, 2) / sha256; }

std::vector<std::string> DiskFiles::stored(int group) const {
    const auto byte = static_cast<unsigned char>(group);
    std::vector<std::string> out;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_ / to_hex(&byte, 1), none))
        out.push_back(entry.path().filename().string());
    return out;
}

bool DiskFiles::remove(const std::string& sha256, std::chrono::seconds least_age) const {
    std::error_code error;
    const auto written = fs::last_write_time(path_of(sha256), error);
    if (error || fs::file_time_type::clock::now() - written < least_age) return false;
    return fs::remove(path_of(sha256), error);
}

static bool sync(const fs::path& path) {
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
    const std::string mime = found == nullptr ? "application/octet-stream" : found;
    if (mime == "audio/x-m4a") return "audio/mp4";
    if (mime == "application/ogg" || mime == "video/ogg") return "audio/ogg";
    return mime;
}

Result<StoredFile> DiskFiles::adopt(const std::string& part) const {
    std::ifstream in(part, std::ios::binary);
    if (!in) return disk_error(part);
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
    out.mime = mime_of(part);
    const fs::path final_path = path_of(out.sha256);
    std::error_code error;
    fs::create_directories(final_path.parent_path(), error);
    if (!sync(part)) return disk_error(part);
    if (::rename(part.c_str(), final_path.c_str()) != 0 || !sync(final_path.parent_path()))
        return disk_error(final_path.string());
    return out;
}

}  // namespace okno::media
