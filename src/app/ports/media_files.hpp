// The bytes of files, by their SHA-256: identical files share one.
//
// They may lie elsewhere than on this machine: then `adopt` and `fetch` wait for the network.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
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
    // Takes over a whole part: durable once this returns. Blocks. Error: `unavailable` with the reason; the part stays
    // then.
    virtual Result<StoredFile> adopt(const std::string& part) const = 0;
    // Where the file lies when it is on this machine; it stays there for ten minutes at least. Empty: `fetch` brings
    // it.
    virtual std::optional<std::string> find(const std::string& sha256) const = 0;
    // As `find`, and brings the file first when it is elsewhere. Blocks. Errors: `not_found`, `unavailable`.
    virtual Result<std::string> fetch(const std::string& sha256) const = 0;

    // Files lie in this many groups; the hashes of one group, those too of which only a copy is here. Blocks. Error:
    // `unavailable`.
    static constexpr int groups = 256;
    virtual Result<std::vector<std::string>> stored(int group) const = 0;
    // Removes a file that was stored, again or for the first time, at least `least_age` ago: a younger one may be an
    // upload whose row is not stored yet. False when it stays or is not there. Blocks. Error: `unavailable`.
    virtual Result<bool> remove(const std::string& sha256, std::chrono::seconds least_age) const = 0;

    // The server ends: what waits for the network gives up with `unavailable`.
    virtual void stop() {}
};

}  // namespace okno
