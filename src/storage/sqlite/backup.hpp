// Copies of SQLite databases that others may be writing to, and what a copy says of itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace okno::storage {

// A whole copy as of now, checked page by page; its writer is not held up. `to` must not be there. Durable.
void copy_database(const std::filesystem::path& from, const std::filesystem::path& to);

// Facts of a finished copy; reading them changes nothing on disk. They throw SqlError.
std::int64_t schema_version_of(const std::filesystem::path& okno_copy);
// SHA-256 of every file that its messages and uploads name.
std::vector<std::string> files_named_in(const std::filesystem::path& okno_copy);
std::string generation_of(const std::filesystem::path& intake_copy);

// Of a database that nobody else has open: everything that came as raw webhooks goes.
void forget_webhooks(const std::filesystem::path& intake);

}  // namespace okno::storage
