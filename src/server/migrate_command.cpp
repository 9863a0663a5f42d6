#include "server/migrate_command.hpp"

#include "server/progress_line.hpp"
#include "storage/migrate_database.hpp"
#include "storage/open_storage.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <functional>
#include <stdexcept>

namespace okno::server {

static std::string line_of(const storage::CopiedTable& table) {
    return fmt::format("{:<18}{:>12} {:016x} {:>12} {:016x}\n", table.name, table.here.rows, table.here.sum,
                       table.there.rows, table.there.sum);
}

std::string migrate_to(const std::filesystem::path& directory, const std::string& url) {
    if (!url.starts_with("postgresql://") && !url.starts_with("postgres://"))
        throw std::runtime_error("--to: expected the address of a database, postgresql://user@host:5432/name");
    if (!std::filesystem::exists(directory))
        throw std::runtime_error(
            fmt::format("{} is not there: name the data directory with --from.", directory.string()));
    ::umask(0077);
    storage::check_owner(directory);
    const storage::Migrated copied = [&] {
        ProgressLine line;
        return storage::migrate_database(directory, url, std::ref(line));
    }();
    std::string text = fmt::format("{:<18}{:>12} {:<16} {:>12} {}\n", "table", "rows here", "sum", "rows there", "sum");
    for (const storage::CopiedTable& table : copied.tables)
        text += line_of(table);
    text += "Everything is in PostgreSQL, and the same as here.\n";
    if (copied.changed_rows > 0)
        text += fmt::format("! From {} rows a sign was taken that PostgreSQL does not hold in a text (U+0000).\n",
                            copied.changed_rows);
    if (copied.homeless > 0)
        text += fmt::format("! {} webhooks of channels that were disconnected are left behind.\n", copied.homeless);
    text += fmt::format(
        "Next: set `database` in okno.toml (or OKNO_DATABASE) to this address, keep data_dir = \"{}\" with secret.key,"
        " media and erasures.log, and start the server.\n"
        "okno.db and intake.db there are unchanged and no longer used. Never start a server on them again, it would "
        "send"
        " what waits a second time; remove them when the new one works.\n",
        directory.string());
    return text;
}

}  // namespace okno::server
