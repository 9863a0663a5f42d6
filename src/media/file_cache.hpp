// Copies of files on this machine, up to a size: what was not asked for the longest time goes first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace okno::media {

class FileCache {
public:
    // Takes over what an earlier run left. `folder` is on one disk with the parts that are put in.
    FileCache(std::filesystem::path folder, std::uint64_t limit);

    // Where the copy lies; it stays for ten minutes after each question, so whoever asked can open it.
    std::optional<std::string> find(const std::string& sha256) const;
    // Moves a whole file in; its path, or empty when the disk does not let it.
    std::optional<std::string> put(const std::string& part, const std::string& sha256);
    // The hashes that begin with these two letters.
    std::set<std::string> stored(const std::string& two_letters) const;
    void remove(const std::string& sha256);

private:
    std::filesystem::path path_of(const std::string& sha256) const;
    void remove_oldest();

    std::filesystem::path folder_;
    std::uint64_t limit_;
    std::mutex mutex_;
    std::uint64_t size_ = 0;
};

}  // namespace okno::media
