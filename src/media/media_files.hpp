// The bytes of files on disk, by their SHA-256: identical files share one.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace okno::media {

struct StoredFile {
    std::string sha256;  // hexadecimal
    std::int64_t size = 0;
    std::string mime;  // what the bytes are, whatever they were called
};

class MediaFiles {
public:
    // Makes the folder; what an earlier run left half-written is removed.
    explicit MediaFiles(std::filesystem::path folder);

    // Where parts are written until they are whole.
    std::string incoming() const;
    // A new name there.
    std::string new_part() const;
    // Takes over a whole part: durable once this returns. Blocks. Error: `unavailable` with the disk's words.
    Result<StoredFile> adopt(const std::string& part) const;
    std::string path_of(const std::string& sha256) const;

private:
    std::filesystem::path folder_;
};

// The kind in which a messenger sends a file of this MIME type.
std::string kind_of(std::string_view mime);

}  // namespace okno::media
