// The bytes of files, by their SHA-256: identical files share one.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

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

    // Files lie in this many groups; the hashes of one group.
    static constexpr int groups = 256;
    virtual std::vector<std::string> stored(int group) const = 0;
    // Removes a file that was written at least `least_age` ago: a younger one may be an upload whose row is not stored
    // yet. False when it stays.
    virtual bool remove(const std::string& sha256, std::chrono::seconds least_age) const = 0;
};

}  // namespace okno
