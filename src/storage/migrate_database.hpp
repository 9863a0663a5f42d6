// Moves an installation from the files of a data directory into PostgreSQL: all tables of okno.db and the webhooks that
// are not applied yet. The files stay as they are; what is not in a database stays where it is.
//
// While a copy is under way the database holds a mark: no server works with it, and only a copy from the same files
// goes on with it.
#pragma once

#include "storage/backup.hpp"
#include "storage/sql.hpp"
#include "storage/table_rows.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace okno::storage {

struct CopiedTable {
    std::string name;
    RowSum here;   // in the files
    RowSum there;  // in PostgreSQL, read back
};

struct Migrated {
    std::vector<CopiedTable> tables;  // the last one is `intake`, the webhooks
    std::int64_t changed_rows = 0;    // had something in a text that PostgreSQL does not hold, and have not there
    std::int64_t homeless = 0;        // webhooks whose channel is gone, left behind
};

// Throws std::runtime_error that says what to do: the directory is in use or has no Okno, its key is another, the
// database is in use or holds rows that are not of a copy that was interrupted, or at the end is not the same.
// SqlUnavailable when the database cannot be reached or was lost: run again, it goes on.
Migrated migrate_database(const std::filesystem::path& directory, const std::string& url, const Progress& progress);

// Throws std::runtime_error that says what to do when a copy into this database did not come to its end.
void check_copied(Sql& database);

}  // namespace okno::storage
