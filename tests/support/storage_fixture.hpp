// A real data directory for one test, and calls that wait for their commit.
#pragma once

#include "storage/open_storage.hpp"

#include <stdlib.h>

#include <exception>
#include <filesystem>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <type_traits>

namespace okno::tests {

struct TemporaryDirectory {
    std::filesystem::path path;
    TemporaryDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "okno-test-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path); }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
};

// Runs the closure on the writer and waits for the commit; throws what made it fail.
template <typename Work>
auto write(Store& store, Work work) {
    using Value = std::invoke_result_t<Work&, StoreSession&>;
    std::promise<void> done;
    const auto finish = [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); };
    if constexpr (std::is_void_v<Value>) {
        store.write([&](StoreSession& session) { work(session); }, finish);
        done.get_future().get();
    } else {
        std::optional<Value> value;
        store.write([&](StoreSession& session) { value.emplace(work(session)); }, finish);
        done.get_future().get();
        return std::move(*value);
    }
}

// As `write`, on a reader.
template <typename Work>
auto read(Store& store, Work work) {
    std::promise<void> done;
    std::optional<std::invoke_result_t<Work&, StoreSession&>> value;
    store.read([&](StoreSession& session) { value.emplace(work(session)); },
               [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
    return std::move(*value);
}

inline void append(Intake& intake, IntakeRow row) {
    std::promise<void> done;
    intake.append(std::move(row),
                  [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
}

inline void mark_applied(const storage::Storage& storage, const std::vector<IntakeRow>& rows) {
    write(*storage.store, [&](StoreSession& session) { storage.intake->mark_applied(session, rows); });
}

inline Channel a_channel(WorkspaceId workspace, const std::string& address) {
    Channel channel;
    channel.id = make_id<ChannelId>();
    channel.workspace = workspace;
    channel.messenger = "whatsapp";
    channel.name = "Support";
    channel.address = address;
    channel.key = "key-" + address;
    channel.credentials["access_token"] = Secret("EAAG-token");
    channel.created_at = from_millis(1'795'000'000'000);
    return channel;
}

inline Person a_person(const std::string& phone, const std::string& bsuid = "") {
    Person person;
    if (!bsuid.empty()) person.addresses.push_back({"bsuid", bsuid, bsuid});
    if (!phone.empty()) person.addresses.push_back({"phone", phone, phone});
    person.name = "Ann Lee";
    return person;
}

// A database of its own on the PostgreSQL server that OKNO_TEST_POSTGRES names; without it everything is in files.
struct TestDatabase {
    std::string url;

    TestDatabase();
    ~TestDatabase();
    // The same database by another port of this machine.
    std::string by_port(std::uint16_t port) const;
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;
};

// Whether the tests run on PostgreSQL.
bool on_postgres();

// The storage of a directory, and of a database when `url` names one; it owns all the work.
storage::Storage open_whole(const std::filesystem::path& directory, const std::string& url);

// A workspace with one channel in a fresh directory.
struct Ground {
    TemporaryDirectory directory;
    TestDatabase database;
    storage::Storage storage = open_whole(directory.path, database.url);
    Timestamp now = from_millis(1'795'000'000'000);
    WorkspaceId workspace = write(*storage.store, [&](StoreSession& s) { return s.make_workspace("Yasno", now); });
    Channel channel = a_channel(workspace, "1234567890");

    Ground() {
        write(*storage.store, [&](StoreSession& s) { s.in(workspace).insert_channel(channel); });
    }

    // Beside the store, for what no port shows; and the names of all tables.
    std::unique_ptr<storage::Sql> open_sql() const;
    static std::vector<std::string> tables(storage::Sql& sql);

    // As a process that ended and begins anew.
    void restart() {
        storage = {};
        storage = open_whole(directory.path, database.url);
    }

    // What `work(Transaction&)` gives, committed.
    template <typename Work>
    auto in_workspace(Work work) {
        return write(*storage.store, [&](StoreSession& session) { return work(session.in(workspace)); });
    }
};

}  // namespace okno::tests
