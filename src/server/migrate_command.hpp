// `okno admin migrate-database`.
#pragma once

#include <filesystem>
#include <string>

namespace okno::server {

// Gives what to print: what was copied and what to do next. Throws std::runtime_error that says what is wrong and what
// to do.
std::string migrate_to(const std::filesystem::path& directory, const std::string& url);

}  // namespace okno::server
