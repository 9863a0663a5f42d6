// Putting a backup back, in three steps: copy it into a folder of the data directory, let the caller do there what must
// be done before anybody works with it, put it in place.
//
// The folder `restoring` is the mark: while it is there no server starts. A restore that ends before its last step has
// changed nothing else; one that ends within it is finished by the next call.
#pragma once

#include "storage/backup.hpp"

#include <filesystem>
#include <string>

namespace okno::storage {

// True when an earlier restore had copied everything and was interrupted while putting it in place: it is finished now.
// One that was interrupted before is taken away. Call with the directory's lock held.
bool finish_restore(const std::filesystem::path& directory);

// Throws std::runtime_error when the directory has databases (unless `may_replace`) or no `secret.key`.
void check_target(const std::filesystem::path& directory, bool may_replace);

// Copies the backup into restoring_folder(directory), with the key, so that it opens as a data directory of its own.
// Files of a media folder that is not the directory's own are added there at once: they only come and go by their hash.
// Throws std::runtime_error when the key does not open the credentials, and takes the copy away again.
void stage_restore(const DataFolders& target, const std::filesystem::path& backup, const Manifest& manifest,
                   const Progress& progress);

// Moves what was in the directory's place into `aside`, a folder inside it that is made when there is anything, and the
// copy to its place. Nobody may have the copy open.
void put_in_place(const std::filesystem::path& directory, const std::string& aside);

}  // namespace okno::storage
