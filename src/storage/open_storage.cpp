#include "storage/open_storage.hpp"

#include "storage/file_steps.hpp"
#include "storage/migrate_database.hpp"
#include "storage/secret_key.hpp"
#include "storage/sql.hpp"
#include "storage/postgres/postgres_intake.hpp"
#include "storage/postgres/postgres_store.hpp"
#include "storage/sqlite/sqlite_intake.hpp"
#include "storage/sqlite/sqlite_store.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>
#include <system_error>

namespace okno::storage {

namespace fs = std::filesystem;

static const char* const restoring = "restoring";

fs::path restoring_folder(const fs::path& directory) { return directory / restoring; }

void check_restored(const fs::path& directory) {
    if (!fs::exists(restoring_folder(directory))) return;
    throw std::runtime_error("A restore into " + directory.string() +
                             " did not come to its end: run `okno admin restore` again; it begins anew, or finishes"
                             " what was copied already.");
}

void check_owner(const fs::path& directory) {
    struct stat about{};
    if (::stat(directory.c_str(), &about) != 0 || about.st_uid == ::geteuid()) return;
    const passwd* owner = ::getpwuid(about.st_uid);
    throw std::runtime_error("The data directory " + directory.string() + " belongs to another user (" +
                             (owner != nullptr ? owner->pw_name : std::to_string(about.st_uid)) +
                             "): run this command as that user, or name another with --data-dir.");
}

DirectoryLock::DirectoryLock(const fs::path& directory) {
    check_owner(directory);
    const std::string path = (directory / "lock").string();
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0)
        throw std::runtime_error("The data directory " + directory.string() + " cannot be written (" + last_reason() +
                                 "): give its user the right to write there, or name another with --data-dir.");
    if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
    ::close(file_);
    throw std::runtime_error("The data directory " + directory.string() +
                             " is in use by another Okno: stop that server first, or name another with --data-dir.");
}

DirectoryLock::~DirectoryLock() { ::close(file_); }

// What an engine's words mean to whoever starts the server.
template <typename Open>
static auto opened(const fs::path& directory, Open open) {
    try {
        return open();
    } catch (const SqlDamaged& reason) {
        throw std::runtime_error(std::string(reason.what()) + ". The file is damaged: put back a copy of " +
                                 directory.string() + ", or start with an empty directory. Nothing was changed.");
    } catch (const SqlUnavailable& reason) {
        throw std::runtime_error(
            std::string(reason.what()) + ". The data directory " + directory.string() +
            " must be writable and its disk must have room (at least 1 MB): see `df` and `ls -l`.");
    }
}

static void open_files(Storage& storage, StorageOptions& options) {
    const fs::path& directory = options.directory;
    const SealingKey key = read_or_make_key(directory);
    storage.store = opened(directory, [&] {
        return std::make_unique<SqliteStore>(directory / "okno.db", key, std::move(options.committed));
    });
    storage.intake =
        opened(directory, [&] { return std::make_unique<SqliteIntake>(directory / "intake.db", *storage.store); });
}

static AboutNode about_node(const StorageOptions& options) {
    char host[256] = "node";
    ::gethostname(host, sizeof host - 1);
    return {std::string(host) + ":" + fs::canonical(options.directory).string(), options.shares_files};
}

static void open_database(Storage& storage, StorageOptions& options) {
    // Another key than the other nodes' would make every channel unusable without a word: the store refuses it.
    const SealingKey key = read_or_make_key(options.directory);
    storage.connector = std::make_unique<Connector>(options.database);
    try {
        check_copied(*storage.connector->connect());
        storage.leases = std::make_unique<Leases>(*storage.connector, LeaseTimes{}, about_node(options));
        storage.store =
            std::make_unique<PostgresStore>(*storage.connector, key, *storage.leases, std::move(options.committed));
    } catch (const SqlUnavailable& reason) {
        throw std::runtime_error(std::string(reason.what()) +
                                 ". Start the database server, or correct `database` in the configuration.");
    }
    storage.intake = opened(options.directory, [&] {
        return std::make_unique<PostgresIntake>(*storage.connector, *storage.leases, options.directory / "spool.db",
                                                std::move(options.webhooks_arrived));
    });
}

Storage open_storage(StorageOptions options) {
    const fs::path& directory = options.directory;
    std::error_code error;
    if (fs::create_directories(directory, error)) fs::permissions(directory, fs::perms::owner_all, error);
    if (error)
        throw std::runtime_error("The data directory " + directory.string() + " cannot be made or written (" +
                                 error.message() + "): make it yourself, or name another with --data-dir.");
    Storage storage;
    storage.lock = std::make_unique<DirectoryLock>(directory);
    if (options.database.empty())
        open_files(storage, options);
    else
        open_database(storage, options);
    return storage;
}

Storage::Storage() = default;
Storage::Storage(Storage&&) noexcept = default;
Storage::~Storage() = default;

Storage& Storage::operator=(Storage&& other) noexcept {
    store.reset();
    intake.reset();
    leases.reset();
    connector.reset();
    lock = std::move(other.lock);
    connector = std::move(other.connector);
    leases = std::move(other.leases);
    intake = std::move(other.intake);
    store = std::move(other.store);
    return *this;
}

}  // namespace okno::storage
