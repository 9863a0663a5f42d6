// Opens a data directory: its lock, its key and its databases, in that order.
#pragma once

#include "app/ports/storage.hpp"
#include "base/crypto.hpp"
#include "storage/postgres/connector.hpp"
#include "storage/postgres/leases.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace okno::storage {

// Throws std::runtime_error when the directory is there and belongs to another user than this process's: files made in
// it would lock its owner out.
void check_owner(const std::filesystem::path& directory);

// There from the first step of a restore to its last: nothing else may be done with the directory meanwhile.
std::filesystem::path restoring_folder(const std::filesystem::path& directory);
// Throws std::runtime_error that says what to do when a restore was interrupted.
void check_restored(const std::filesystem::path& directory);

// Held as long as the object lives; another process then cannot open the same directory.
class DirectoryLock {
public:
    explicit DirectoryLock(const std::filesystem::path& directory);
    ~DirectoryLock();
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;

private:
    int file_ = -1;
};

// In the order of need; destroyed from the last to the first.
struct Storage {
    std::unique_ptr<DirectoryLock> lock;
    std::unique_ptr<Connector> connector;  // null with SQLite
    std::unique_ptr<Leases> leases;        // null with SQLite; owns nothing until it is started
    std::unique_ptr<Intake> intake;
    std::unique_ptr<Store> store;

    Storage();
    Storage(Storage&&) noexcept;
    Storage& operator=(Storage&&) noexcept;
    ~Storage();
};

struct StorageOptions {
    std::filesystem::path directory;
    std::string database;       // postgresql://...; empty: okno.db and intake.db in the directory
    bool shares_files = false;  // files lie where other nodes on the database find them
    // Which workspaces a commit changed, on the writer's thread.
    std::function<void(const std::vector<WorkspaceId>&)> committed;
    // Webhooks that had waited on this machine are in the intake; on a thread of the intake.
    std::function<void()> webhooks_arrived;
};

// Makes the directory (0700) and `secret.key` (0600) when they are absent. Throws std::runtime_error that says what is
// wrong with the directory and what to do: not writable, used by another server, written by a newer version, a key of
// the wrong size; or with the database: cannot be reached, sealed with another key.
Storage open_storage(StorageOptions options);

}  // namespace okno::storage
