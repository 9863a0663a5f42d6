// The steps from which a copy that survives a power cut is made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace okno::storage {

// The system's words for what failed last.
std::string last_reason();

// All throw std::runtime_error with the path and the system's words.

// Makes what was written to a file, or was renamed in a folder, durable.
void sync_path(const std::filesystem::path& path);

struct FileSum {
    std::int64_t size = 0;
    std::string sha256;  // hexadecimal
};
FileSum sum_of(const std::filesystem::path& file);

// A second name of the same bytes where the file system has that, else a durable copy (0600). For files that never
// change.
void link_or_copy(const std::filesystem::path& from, const std::filesystem::path& to);
// A durable copy of its own (0600).
void copy_durably(const std::filesystem::path& from, const std::filesystem::path& to);
// Makes the file (0600), which must not be there.
void write_durably(const std::filesystem::path& file, const std::string& text);

}  // namespace okno::storage
