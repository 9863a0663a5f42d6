// The bytes of files, by their SHA-256: identical files share one.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>

namespace okno {

struct StoredFile {
    std::string sha256;  // hexadecimal
    std::int64_t size = 0;
    std::string mime;  // what the bytes are, whatever they were called
};

class MediaFiles {
public:
    virtual ~MediaFiles() = default;

    // The folder in which parts are written until they are whole, and a new name there.
    virtual std::string incoming() const = 0;
    virtual std::string new_part() const = 0;
    // Takes over a whole part: durable once this returns. Blocks. Error: `unavailable` with the disk's words.
    virtual Result<StoredFile> adopt(const std::string& part) const = 0;
    virtual std::string path_of(const std::string& sha256) const = 0;
};

}  // namespace okno
