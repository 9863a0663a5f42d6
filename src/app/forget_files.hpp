// Files that no row names any more leave the disk: those of erased people at once, uploads that were never sent with
// the hourly sweep, which also finds what a crash left behind.
#pragma once

#include "app/ports/media_files.hpp"
#include "app/ports/storage.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace okno {

// How old a file must be: an identical upload may just be on its way to its row.
constexpr auto forgotten_at_once = std::chrono::seconds(60);
constexpr auto forgotten_by_sweep = std::chrono::hours(1);

// Removes those of `hashes` that no workspace needs, and says how many. `may_remove` is asked on the writer, for each
// file: a backup that runs keeps them. Blocks. Error: `unavailable`, the rest stays for the sweep.
Result<int> forget_files(Store& store, const MediaFiles& files, const std::vector<std::string>& hashes,
                         std::chrono::seconds least_age, const std::function<bool()>& may_remove);

// The same for all files of one group (MediaFiles::groups). Blocks.
Result<int> sweep_files(Store& store, const MediaFiles& files, int group, const std::function<bool()>& may_remove);

}  // namespace okno
