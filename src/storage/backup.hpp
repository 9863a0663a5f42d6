// A backup: a folder with copies of the databases and files of a data directory, and the list that proves it whole.
//
//   okno.db, intake.db, media/ab/<sha256>, erasures.log when there is one, manifest.json
//
// okno.db is copied before intake.db: a webhook that is applied in neither copy is then still there as raw bytes, as
// long as nobody prunes the intake meanwhile. `secret.key` is never inside.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace okno::storage {

// What is copied, and where to it is restored.
struct DataFolders {
    std::filesystem::path directory;
    std::filesystem::path media;  // the files by their SHA-256; empty: they are on S3
};

struct BackupFile {
    std::string path;  // inside the backup
    std::int64_t size = 0;
    std::string sha256;
};

struct Manifest {
    Timestamp made_at;  // before the first byte was copied
    std::string okno;   // the version that made it
    std::int64_t schema = 0;
    std::string intake;     // generation
    bool has_media = true;  // false: they were on S3
    std::vector<BackupFile> files;
    std::vector<std::string> missing;  // files that the database names and that were not there or are damaged
};

// What is being done, and how far: `done` of `all` bytes or files; `all` is 0 when nobody can say.
using Progress = std::function<void(const std::string& what, std::int64_t done, std::int64_t all)>;

// Copies the databases and the files they name, beside a server that holds its pruning, or under the directory's lock.
// The folder appears complete: `last_check` is asked before, and what it throws leaves no backup. Throws
// std::runtime_error: `to` is there and not empty, a copy is damaged, the disk is full.
Manifest back_up(const DataFolders& from, const std::filesystem::path& to, const std::string& version,
                 Timestamp made_at, const std::function<void()>& last_check, const Progress& progress);

// Throws std::runtime_error that says what is wrong with the list: none, of another format, of a newer Okno.
Manifest read_manifest(const std::filesystem::path& backup);

// Reads every file of the backup. Throws std::runtime_error that names the first one that is not as the list says.
void check_files(const std::filesystem::path& backup, const Manifest& manifest, const Progress& progress);

}  // namespace okno::storage
