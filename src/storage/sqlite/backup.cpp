#include "storage/sqlite/backup.hpp"

#include "storage/file_steps.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <sqlite3.h>

namespace okno::storage {

namespace fs = std::filesystem;

namespace {

constexpr int cache_kib = 8 * 1024;

// A finished copy: nothing is written beside it, not even a log.
class Copy {
public:
    explicit Copy(const fs::path& file) : file_(file.string()) {
        std::string address = "file:";
        for (const char c : fs::absolute(file).string()) {
            static constexpr char digits[] = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(c);
            if (c == '%' || c == '?' || c == '#')
                address += {'%', digits[byte >> 4], digits[byte & 15]};
            else
                address += c;
        }
        address += "?immutable=1";
        if (sqlite3_open_v2(address.c_str(), &handle_, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                            nullptr) != SQLITE_OK)
            give_up();
    }
    ~Copy() { sqlite3_close(handle_); }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;

    // The first column of every row.
    std::vector<std::string> texts(const char* statement) {
        std::vector<std::string> out;
        const auto keep = [](void* to, int, char** values, char**) {
            static_cast<std::vector<std::string>*>(to)->emplace_back(values[0] == nullptr ? "" : values[0]);
            return 0;
        };
        if (sqlite3_exec(handle_, statement, keep, &out, nullptr) != SQLITE_OK) give_up();
        return out;
    }

    std::string text(const char* statement) {
        const auto all = texts(statement);
        return all.empty() ? std::string() : all.front();
    }

private:
    [[noreturn]] void give_up() {
        const std::string reason = handle_ == nullptr ? "out of memory" : sqlite3_errmsg(handle_);
        sqlite3_close(std::exchange(handle_, nullptr));
        throw SqlDamaged(file_ + " cannot be read: " + reason);
    }

    std::string file_;
    sqlite3* handle_ = nullptr;
};

}  // namespace

void copy_database(const fs::path& from, const fs::path& to) {
    {
        SqliteDatabase database(from, SqliteDatabase::Mode::write, cache_kib);
        database.copy_to(to);
    }
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
    sync_path(to);
    const std::string found = Copy(to).text("PRAGMA quick_check(1)");
    if (found != "ok") throw SqlDamaged(from.string() + " is damaged: " + found);
}

std::int64_t schema_version_of(const fs::path& okno_copy) {
    return std::stoll("0" + Copy(okno_copy).text("SELECT version FROM schema_version"));
}

std::vector<std::string> files_named_in(const fs::path& okno_copy) {
    return Copy(okno_copy).texts("SELECT DISTINCT sha256 FROM media WHERE state=1 AND sha256<>'' ORDER BY sha256");
}

std::string generation_of(const fs::path& intake_copy) { return Copy(intake_copy).text("SELECT name FROM generation"); }

void forget_webhooks(const fs::path& intake) {
    SqliteDatabase(intake, SqliteDatabase::Mode::write, cache_kib).exec("DELETE FROM webhooks");
}

}  // namespace okno::storage
