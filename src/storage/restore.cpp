#include "storage/restore.hpp"

#include "base/crash_point.hpp"
#include "storage/file_steps.hpp"
#include "storage/open_storage.hpp"
#include "storage/secret_key.hpp"
#include "storage/sql_transaction.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace okno::storage {

namespace fs = std::filesystem;

namespace {

// What a restore replaces. A log moves before its database: without it the database is only older, but a log beside a
// database that is not its own would be written into it.
constexpr std::array names{"okno.db-wal", "okno.db-shm",   "okno.db",       "intake.db-wal", "intake.db-shm",
                           "intake.db",   "search.db-wal", "search.db-shm", "search.db",     "media"};

// In the restoring folder: whither the old ones go; there once everything is copied.
constexpr const char* aside_mark = "aside";
// All old ones are aside: what has its place now is ours.
constexpr const char* placing_mark = "placing";

std::string read_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void mark(const fs::path& folder, const char* name, const std::string& text) {
    fs::remove(folder / (std::string(name) + ".new"));  // of a call that was interrupted here
    write_durably(folder / (std::string(name) + ".new"), text);
    crash_point();
    fs::rename(folder / (std::string(name) + ".new"), folder / name);
    sync_path(folder);
    crash_point();
}

void move_aside(const fs::path& directory, const fs::path& aside) {
    for (const char* name : names) {
        if (!fs::exists(directory / name)) continue;
        if (fs::create_directory(aside)) fs::permissions(aside, fs::perms::owner_all);
        fs::rename(directory / name, aside / name);
        crash_point();
    }
    if (fs::exists(aside)) sync_path(aside);
    sync_path(directory);
}

void place(const fs::path& directory, const fs::path& folder) {
    for (const char* name : names) {
        if (!fs::exists(folder / name)) continue;
        fs::rename(folder / name, directory / name);
        crash_point();
    }
    sync_path(directory);
}

// From wherever an earlier call was interrupted.
void finish(const fs::path& directory) {
    const fs::path folder = restoring_folder(directory);
    if (!fs::exists(folder / placing_mark)) {
        move_aside(directory, directory / read_text(folder / aside_mark));
        mark(folder, placing_mark, "");
    }
    place(directory, folder);
    // The last mark goes last: a folder without it counts as one that was never copied whole.
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().filename() != placing_mark) fs::remove_all(entry.path());
    crash_point();
    fs::remove_all(folder);
    sync_path(directory);
}

void check_key(const fs::path& directory, const fs::path& folder) {
    SqliteDatabase database(folder / "okno.db", SqliteDatabase::Mode::write, 8 * 1024);
    if (!opens_credentials(database, read_key(directory)))
        throw std::runtime_error((directory / "secret.key").string() +
                                 " is not the key that sealed the credentials in this backup: put the key of the"
                                 " installation that was backed up there.");
}

}  // namespace

bool finish_restore(const fs::path& directory) {
    const fs::path folder = restoring_folder(directory);
    if (!fs::exists(folder)) return false;
    const bool is_copied = fs::exists(folder / aside_mark) || fs::exists(folder / placing_mark);
    if (is_copied)
        finish(directory);
    else
        fs::remove_all(folder);
    return is_copied;
}

void check_target(const fs::path& directory, bool may_replace) {
    for (const char* name : {"okno.db", "intake.db"})
        if (!may_replace && fs::exists(directory / name))
            throw std::runtime_error(directory.string() + " has databases already (" + name +
                                     "): name an empty directory with --data-dir, or give --replace; then the old ones"
                                     " are kept in a folder beside.");
    if (!fs::exists(directory / "secret.key"))
        throw std::runtime_error((directory / "secret.key").string() +
                                 " is missing: put the key of the installation that was backed up there. A backup"
                                 " never holds it.");
    read_key(directory);
}

// Whole or not at all: the server that shares the folder may be looking.
static void add_to_media(const fs::path& media, const fs::path& source, const BackupFile& file) {
    const fs::path path = media / file.sha256.substr(0, 2) / file.sha256;
    if (fs::exists(path) && sum_of(path).sha256 == file.sha256) return;
    fs::create_directories(path.parent_path());
    const fs::path part = media / "incoming" / (file.sha256 + ".restored");
    fs::create_directories(part.parent_path());
    fs::remove(part);
    copy_durably(source, part);
    fs::rename(part, path);
    sync_path(path.parent_path());
}

void stage_restore(const DataFolders& target, const fs::path& backup, const Manifest& manifest,
                   const Progress& progress) {
    const fs::path& directory = target.directory;
    const bool is_own_media = target.media == directory / "media";
    const fs::path folder = restoring_folder(directory);
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms::owner_all);
    sync_path(directory);
    try {
        std::int64_t done = 0;
        for (const BackupFile& file : manifest.files) {
            progress("copying", done++, static_cast<std::int64_t>(manifest.files.size()));
            if (file.path == "erasures.log") continue;  // the directory's own goes on
            const bool is_media = file.path.starts_with("media/");
            if (is_media && !is_own_media) {
                if (!target.media.empty()) add_to_media(target.media, backup / file.path, file);
                continue;
            }
            fs::create_directories((folder / file.path).parent_path());
            if (is_media)
                link_or_copy(backup / file.path, folder / file.path);
            else
                copy_durably(backup / file.path, folder / file.path);
        }
        check_key(directory, folder);
        copy_durably(directory / "secret.key", folder / "secret.key");
    } catch (...) {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
        throw;
    }
}

void put_in_place(const fs::path& directory, const std::string& aside) {
    const fs::path folder = restoring_folder(directory);
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_directory()) sync_path(entry.path());
    mark(folder, aside_mark, aside);
    finish(directory);
}

}  // namespace okno::storage
