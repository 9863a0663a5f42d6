#include "server/backup_commands.hpp"

#include "app/after_restore.hpp"
#include "app/apply_intake.hpp"
#include "app/forget_files.hpp"
#include "domain/partition.hpp"
#include "messengers/registry.hpp"
#include "server/control_socket.hpp"
#include "server/media_store.hpp"
#include "server/progress_line.hpp"
#include "storage/backup.hpp"
#include "storage/erasures_file.hpp"
#include "storage/open_storage.hpp"
#include "storage/restore.hpp"
#include "storage/secret_key.hpp"
#include "storage/sqlite/backup.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <set>
#include <stdexcept>
#include <thread>
#include <tuple>

namespace okno::server {

namespace fs = std::filesystem;

namespace {

void check_is_okno(const fs::path& directory) {
    storage::check_owner(directory);
    storage::check_restored(directory);
    if (!fs::exists(directory / "okno.db"))
        throw std::runtime_error(
            fmt::format("There is no Okno in {}: name its folder with --data-dir.", directory.string()));
}

const Messenger* find(std::string_view name) { return find_messenger(name); }

// Every erasure that any of the ledgers knows. What the directory's own ledger does not know yet is added to it, so
// that the next restore needs only that one.
std::vector<Erasure> joined_ledgers(const fs::path& directory, const std::vector<fs::path>& others) {
    storage::ErasuresFile own(directory / "erasures.log", storage::read_key(directory));
    std::vector<Erasure> all = storage::ErasuresFile::read(directory / "erasures.log");
    const auto name_of = [](const Erasure& one) { return std::tuple(one.time, one.workspace, one.contact); };
    std::set<std::tuple<Timestamp, WorkspaceId, ContactId>> known;
    for (const Erasure& one : all)
        known.insert(name_of(one));
    for (const fs::path& file : others) {
        for (const Erasure& one : storage::ErasuresFile::read(file)) {
            if (!known.insert(name_of(one)).second) continue;
            own.append(one);
            all.push_back(one);
        }
    }
    return all;
}

void check_ledgers(const std::vector<fs::path>& ledgers) {
    for (const fs::path& file : ledgers)
        if (!fs::exists(file)) throw std::runtime_error(file.string() + " is not there.");
}

// As the only node: what another one owns is not to be had.
void own_everything(storage::Leases& leases) {
    leases.start({}, {});
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (int i = 0; i < partition_count; ++i)
        while (!leases.epoch_of(i)) {
            if (std::chrono::steady_clock::now() > limit)
                throw std::runtime_error("Other nodes work on this database: stop them all first.");
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
}

// The webhooks that are kept and not applied, then the rules, on databases that nobody else has open.
AfterRestore apply_rules(const fs::path& directory, const Configuration& configuration, Timestamp copied_at,
                         const std::vector<Erasure>& erasures) {
    const storage::Storage storage =
        storage::open_storage({.directory = directory, .database = configuration.database});
    if (storage.leases) own_everything(*storage.leases);
    const storage::ErasuresFile ledger(directory / "erasures.log", storage::read_key(directory));
    IntakeWorker worker(*storage.store, *storage.intake, find);
    while (worker.run_once(webhooks_in_batch) > 0) {
    }
    AfterRestore out;
    std::promise<void> done;
    storage.store->write(
        [&](StoreSession& session) { out = after_restore(session, copied_at, erasures, ledger, Clock::real_now()); },
        [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
    const auto files = open_media(configuration, directory);
    // What a store that is away keeps is found by the server's sweep.
    (void)forget_files(*storage.store, *files, out.files, std::chrono::seconds(0), [] { return true; });
    return out;
}

std::string told(const AfterRestore& outcome) {
    return fmt::format(
        "{} messages that waited to leave are shown as unknown: they may have arrived since.\n"
        "{} channels are paused: look through those messages, then resume the channels in the settings.\n"
        "{} people who were erased since are erased again.\n",
        outcome.unknown, outcome.paused, outcome.erased);
}

}  // namespace

std::string back_up_to(const Configuration& configuration, const fs::path& backup) {
    const fs::path directory = configuration.data_dir;
    check_is_okno(directory);
    ::umask(0077);
    const Timestamp now = Clock::real_now();
    const auto hold = hold_server(directory / "okno.sock", {{"command", "begin_backup"}});
    if (hold && !*hold) throw std::runtime_error(hold->error().detail);
    std::unique_ptr<storage::DirectoryLock> lock;
    if (!hold) lock = std::make_unique<storage::DirectoryLock>(directory);
    const auto check_hold = [&] {
        if (hold && !(**hold)->is_held())
            throw std::runtime_error("The server ended while it was copied: run the backup again.");
    };
    const storage::Manifest manifest = [&] {
        ProgressLine line;
        return storage::back_up({directory, media_folder(configuration, directory)}, backup, OKNO_VERSION, now,
                                check_hold, std::ref(line));
    }();
    std::int64_t bytes = 0;
    for (const storage::BackupFile& file : manifest.files)
        bytes += file.size;
    std::string text = fmt::format(
        "Backup of {} in {}: {} files, {:.1f} MB.\n"
        "secret.key is not in it: keep a copy of {} apart; nothing can be restored without it.\n",
        to_rfc3339(manifest.made_at), backup.string(), manifest.files.size() + 1, static_cast<double>(bytes) / 1e6,
        (directory / "secret.key").string());
    if (!manifest.missing.empty())
        text +=
            fmt::format("! {} files that messages name are not in media or are damaged: manifest.json lists them.\n",
                        manifest.missing.size());
    if (!manifest.has_media)
        text += fmt::format(
            "! Files lie in {} and are not in it: copy that bucket now, after this backup, with the"
            " store's own tools.\n",
            configuration.media.substr(0, configuration.media.find('?')));
    return text;
}

std::string restore_from(const Configuration& configuration, const fs::path& backup, const RestoreOptions& options) {
    const fs::path directory = configuration.data_dir;
    ::umask(0077);
    fs::create_directories(directory);
    const storage::DirectoryLock lock(directory);
    if (storage::finish_restore(directory))
        return "An earlier restore had copied everything and was interrupted while putting it in place: it is finished"
               " now. To restore another backup, run the command again with --replace.\n";
    const storage::Manifest manifest = storage::read_manifest(backup);
    storage::check_target(directory, options.may_replace);
    std::vector<fs::path> ledgers = options.erasures;
    check_ledgers(ledgers);
    if (fs::exists(backup / "erasures.log")) ledgers.push_back(backup / "erasures.log");
    {
        ProgressLine line;
        storage::check_files(backup, manifest, std::ref(line));
        storage::stage_restore({directory, media_folder(configuration, directory)}, backup, manifest, std::ref(line));
    }
    const std::vector<Erasure> erasures = joined_ledgers(directory, ledgers);
    const fs::path staged = storage::restoring_folder(directory);
    Configuration on_files = configuration;
    on_files.database.clear();
    const AfterRestore outcome = apply_rules(staged, on_files, manifest.made_at, erasures);
    // All that was kept is applied; the bytes would still name those who were erased.
    if (outcome.erased > 0) storage::forget_webhooks(staged / "intake.db");
    std::string aside = "replaced-" + to_rfc3339(Clock::real_now());
    std::erase_if(aside, [](char c) { return c == ':' || c == '.'; });
    storage::put_in_place(directory, aside);
    std::string text =
        fmt::format("Restored the backup of {} into {}.\n", to_rfc3339(manifest.made_at), directory.string()) +
        told(outcome);
    if (!manifest.has_media)
        text += "! Files were not in the backup: see that the bucket of the setting `media` holds them.\n";
    if (fs::exists(directory / aside))
        text += fmt::format("What was there before is in {}; remove it when it is no longer needed.\n",
                            (directory / aside).string());
    return text;
}

std::string finish_copied(const Configuration& configuration, std::optional<Timestamp> copied_at,
                          const std::vector<fs::path>& erasures) {
    const fs::path directory = configuration.data_dir;
    ::umask(0077);
    storage::check_owner(directory);
    const fs::path mark = storage::restoring_folder(directory);
    if (fs::exists(mark) && !(fs::is_directory(mark) && fs::is_empty(mark))) storage::check_restored(directory);
    check_ledgers(erasures);
    if (!fs::exists(directory / "secret.key"))
        throw std::runtime_error((directory / "secret.key").string() +
                                 " is missing: put the key of the installation that was copied there.");
    const std::vector<Erasure> known = joined_ledgers(directory, erasures);
    // An erasure has its line before its commit: one just before the copy may not be in it.
    constexpr auto longest_erasure = std::chrono::minutes(1);
    const Timestamp since = copied_at ? *copied_at - longest_erasure : Timestamp{};
    const AfterRestore outcome = apply_rules(directory, configuration, since, known);
    fs::remove(mark);
    return told(outcome);
}

}  // namespace okno::server
