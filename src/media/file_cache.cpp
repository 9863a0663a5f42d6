#include "media/file_cache.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <vector>

namespace okno::media {

namespace fs = std::filesystem;

constexpr auto kept_at_least = std::chrono::minutes(10);

namespace {

struct Copy {
    fs::path path;
    std::uint64_t size = 0;
    fs::file_time_type used_at;
};

std::vector<Copy> copies_in(const fs::path& folder) {
    std::vector<Copy> out;
    std::error_code error;
    for (auto one = fs::recursive_directory_iterator(folder, error); one != fs::recursive_directory_iterator();
         one.increment(error)) {
        if (error) break;
        if (one->is_regular_file(error))
            out.push_back({one->path(), one->file_size(error), one->last_write_time(error)});
    }
    return out;
}

}  // namespace

FileCache::FileCache(fs::path folder, std::uint64_t limit) : folder_(std::move(folder)), limit_(limit) {
    fs::create_directories(folder_);
    for (const Copy& copy : copies_in(folder_))
        size_ += copy.size;
    remove_oldest();
}

fs::path FileCache::path_of(const std::string& sha256) const { return folder_ / sha256.substr(0, 2) / sha256; }

std::optional<std::string> FileCache::find(const std::string& sha256) const {
    const fs::path path = path_of(sha256);
    std::error_code error;
    fs::last_write_time(path, fs::file_time_type::clock::now(), error);
    return error ? std::nullopt : std::optional(path.string());
}

std::optional<std::string> FileCache::put(const std::string& part, const std::string& sha256) {
    const fs::path path = path_of(sha256);
    const std::scoped_lock lock(mutex_);
    std::error_code error;
    const bool is_new = !fs::exists(path, error);
    const std::uint64_t size = fs::file_size(part, error);
    fs::create_directories(path.parent_path(), error);
    fs::rename(part, path, error);
    if (error) return std::nullopt;
    fs::last_write_time(path, fs::file_time_type::clock::now(), error);
    if (is_new) size_ += size;
    if (size_ > limit_) remove_oldest();
    return path.string();
}

std::set<std::string> FileCache::stored(const std::string& two_letters) const {
    std::set<std::string> out;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_ / two_letters, none))
        out.insert(entry.path().filename().string());
    return out;
}

void FileCache::remove(const std::string& sha256) {
    const std::scoped_lock lock(mutex_);
    std::error_code error;
    const std::uint64_t size = fs::file_size(path_of(sha256), error);
    if (!error && fs::remove(path_of(sha256), error)) size_ -= std::min(size_, size);
}

// Down to nine tenths, so that not every file that comes has the folder read. What is in use stays even so.
void FileCache::remove_oldest() {
    if (size_ <= limit_) return;
    std::vector<Copy> copies = copies_in(folder_);
    std::ranges::sort(copies, {}, &Copy::used_at);
    const auto until = fs::file_time_type::clock::now() - kept_at_least;
    for (const Copy& copy : copies) {
        if (size_ <= limit_ / 10 * 9 || copy.used_at > until) break;
        std::error_code error;
        if (fs::remove(copy.path, error)) size_ -= std::min(size_, copy.size);
    }
}

}  // namespace okno::media
