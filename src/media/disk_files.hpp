// Files on disk: <folder>/ab/<sha256>.
#pragma once

#include "app/ports/media_files.hpp"

#include <filesystem>

namespace okno::media {

class DiskFiles final : public MediaFiles {
public:
    // Makes the folder; what an earlier run left half-written is removed.
    explicit DiskFiles(std::filesystem::path folder);

    std::string incoming() const override;
    std::string new_part() const override;
    Result<StoredFile> adopt(const std::string& part) const override;
    std::string path_of(const std::string& sha256) const override;
    std::vector<std::string> stored(int group) const override;
    bool remove(const std::string& sha256, std::chrono::seconds least_age) const override;

private:
    std::filesystem::path folder_;
};

}  // namespace okno::media
