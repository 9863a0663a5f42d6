// `okno admin backup`, `restore` and `after-restore`.
#pragma once

#include "base/time.hpp"
#include "server/configuration.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace okno::server {

// All give what to print, and throw std::runtime_error that says what is wrong and what to do.

// Beside a running server, which keeps its pruning until this process has ended, or under the directory's lock.
std::string back_up_to(const Configuration& configuration, const std::filesystem::path& backup);

struct RestoreOptions {
    bool may_replace = false;
    std::vector<std::filesystem::path> erasures;  // further ledgers
};

std::string restore_from(const Configuration& configuration, const std::filesystem::path& backup,
                         const RestoreOptions& options);

// What a restore does to the databases, without copying: for an engine whose copies are made with its own tools. Every
// erasure of the ledgers is made again when nobody knows when the copy was made.
std::string finish_copied(const Configuration& configuration, std::optional<Timestamp> copied_at,
                          const std::vector<std::filesystem::path>& erasures);

}  // namespace okno::server
