// Files in an S3 bucket, with copies of those in use on this machine.
#pragma once

#include "app/ports/media_files.hpp"
#include "media/file_cache.hpp"
#include "media/s3_client.hpp"

#include <filesystem>

namespace okno::media {

class S3Files final : public MediaFiles {
public:
    // `folder` is this node's own: parts that are not whole yet, and the copies.
    S3Files(S3Address address, S3Keys keys, const std::filesystem::path& folder);

    std::string incoming() const override;
    std::string new_part() const override;
    Result<StoredFile> adopt(const std::string& part) const override;
    std::optional<std::string> find(const std::string& sha256) const override;
    Result<std::string> fetch(const std::string& sha256) const override;
    Result<std::vector<std::string>> stored(int group) const override;
    Result<bool> remove(const std::string& sha256, std::chrono::seconds least_age) const override;
    void stop() override { client_.stop(); }

private:
    S3Client client_;
    std::filesystem::path incoming_;
    mutable FileCache cache_;
};

}  // namespace okno::media
