// Files on disk: <folder>/ab/<sha256>. The folder may be one that several nodes share (NFS and the like).
#pragma once

#include "app/ports/media_files.hpp"

#include <filesystem>

namespace okno::media {

class DiskFiles final : public MediaFiles {
public:
    enum class Sharing { alone, with_other_nodes };

    // Makes the folder; what an earlier run left half-written is removed. In a shared folder others may be writing now,
    // so there only what is a day old is.
    explicit DiskFiles(std::filesystem::path folder, Sharing sharing = Sharing::alone);

    std::string incoming() const override;
    std::string new_part() const override;
    Result<StoredFile> adopt(const std::string& part) const override;
    std::optional<std::string> find(const std::string& sha256) const override;
    Result<std::string> fetch(const std::string& sha256) const override;
    Result<std::vector<std::string>> stored(int group) const override;
    Result<bool> remove(const std::string& sha256, std::chrono::seconds least_age) const override;

private:
    std::filesystem::path path_of(const std::string& sha256) const;

    std::filesystem::path folder_;
    std::filesystem::path incoming_;
};

}  // namespace okno::media
