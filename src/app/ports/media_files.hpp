// The bytes of files, by their SHA-256: identical files share one.
//
// They may lie elsewhere than on this machine: then `adopt` and `fetch` wait for the network.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
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
    // Takes over a whole part: durable once this returns. Blocks. Error: `unavailable` with the reason; the part stays
    // then.
    virtual Result<StoredFile> adopt(const std::string& part) const = 0;
    // Where the file lies when it is on this machine; it stays there for ten minutes at least. Empty: `fetch` brings
    // it.
    virtual std::optional<std::string> find(const std::string& sha256) const = 0;
    // As `find`, and brings the file first when it is elsewhere. Blocks. Errors: `not_found`, `unavailable`.
    virtual Result<std::string> fetch(const std::string& sha256) const = 0;
    // The server ends: what waits for the network gives up with `unavailable`.
    virtual void stop() {}
};

}  // namespace okno
