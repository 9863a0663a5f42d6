// What a file is by its bytes: hash, size and kind.
#pragma once

#include "app/ports/media_files.hpp"

namespace okno::media {

// Blocks. Error: `unavailable` with the disk's words.
Result<StoredFile> read_facts(const std::string& path);

std::unexpected<Error> disk_error(const std::string& what);

// Whatever is written under this name survives a power cut once this is true.
bool sync_to_disk(const std::string& path);

}  // namespace okno::media
