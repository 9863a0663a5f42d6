#include "media/disk_files.hpp"

#include "base/crypto.hpp"
#include "base/uuid.hpp"
#include "media/file_facts.hpp"

#include <system_error>

namespace okno::media {

namespace fs = std::filesystem;

static void remove_old_parts(const fs::path& folder) {
    std::error_code ignored;
    for (const fs::directory_entry& one : fs::directory_iterator(folder, ignored))
        if (one.last_write_time(ignored) < fs::file_time_type::clock::now() - std::chrono::hours(24))
            fs::remove_all(one.path(), ignored);
}

DiskFiles::DiskFiles(fs::path folder, Sharing sharing) : folder_(std::move(folder)), incoming_(folder_ / "incoming") {
    if (sharing == Sharing::alone) {
        fs::remove_all(incoming_);
    } else {
        remove_old_parts(incoming_);
        incoming_ /= make_uuid().text();
    }
    fs::create_directories(incoming_);
}

std::string DiskFiles::incoming() const { return incoming_; }

std::string DiskFiles::new_part() const { return incoming_ / make_uuid().text(); }

fs::path DiskFiles::path_of(const std::string& sha256) const { return folder_ / sha256.substr(0, 2) / sha256; }

Result<std::vector<std::string>> DiskFiles::stored(int group) const {
    const auto byte = static_cast<unsigned char>(group);
    std::vector<std::string> out;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_ / to_hex(&byte, 1), none))
        out.push_back(entry.path().filename().string());
    return out;
}

Result<bool> DiskFiles::remove(const std::string& sha256, std::chrono::seconds least_age) const {
    std::error_code error;
    const auto written = fs::last_write_time(path_of(sha256), error);
    if (error || fs::file_time_type::clock::now() - written < least_age) return false;
    return fs::remove(path_of(sha256), error);
}

Result<StoredFile> DiskFiles::adopt(const std::string& part) const {
    Result<StoredFile> out = read_facts(part);
    if (!out) return out;
    const fs::path final_path = path_of(out->sha256);
    std::error_code error;
    fs::create_directories(final_path.parent_path(), error);
    if (!sync_to_disk(part)) return disk_error(part);
    fs::rename(part, final_path, error);
    if (error || !sync_to_disk(final_path.parent_path())) return disk_error(final_path.string());
    return out;
}

std::optional<std::string> DiskFiles::find(const std::string& sha256) const {
    std::string path = path_of(sha256);
    return fs::exists(path) ? std::optional(std::move(path)) : std::nullopt;
}

Result<std::string> DiskFiles::fetch(const std::string& sha256) const {
    const std::optional<std::string> path = find(sha256);
    if (!path) return fail(ErrorKind::not_found, "file_gone", "The file is not in the media folder any more.");
    return *path;
}

}  // namespace okno::media
