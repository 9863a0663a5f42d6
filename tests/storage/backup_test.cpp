// Backups of a directory that is written to, and what a restore refuses.
#include "storage/backup.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include "media/disk_files.hpp"
#include "storage/restore.hpp"
#include "storage/sqlite/backup.hpp"
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>

using namespace okno;
using namespace okno::tests;
namespace fs = std::filesystem;

// Of files: PostgreSQL has its own tools.
TEST_SUITE_BEGIN("backup" * doctest::skip(on_postgres()));

namespace {

const auto quiet = [](const std::string&, std::int64_t, std::int64_t) {};

// A directory with a webhook, a message with a file, and another one into which it is restored.
struct BackedUp : Ground {
    TemporaryDirectory elsewhere;
    fs::path backup = elsewhere.path / "backup";
    fs::path target = elsewhere.path / "data";
    std::string picture;

    BackedUp() {
        append(*storage.intake, {0, channel.id, now, "proof", "a webhook"});
        const media::DiskFiles files(directory.path / "media");
        const std::string part = files.new_part();
        std::ofstream(part) << "picture";
        picture = files.adopt(part)->sha256;
        add_file(picture);
        fs::create_directory(target);
        fs::copy(directory.path / "secret.key", target / "secret.key");
    }
    void add_file(const std::string& sha256) {
        Media media;
        media.id = make_id<MediaId>();
        media.state = MediaState::ready;
        media.sha256 = sha256;
        in_workspace([&](Transaction& tx) { tx.insert_media(media); });
    }
    storage::Manifest back_up(const std::function<void()>& last_check = [] {}) {
        return storage::back_up({directory.path, directory.path / "media"}, backup, "1.2.3", now, last_check, quiet);
    }
    void restore(bool may_replace = false) {
        const storage::DirectoryLock lock(target);
        if (storage::finish_restore(target)) return;
        const auto manifest = storage::read_manifest(backup);
        storage::check_target(target, may_replace);
        storage::check_files(backup, manifest, quiet);
        storage::stage_restore({target, target / "media"}, backup, manifest, quiet);
        storage::put_in_place(target, "aside");
    }
};

// What is in the folder, with paths inside it.
std::set<std::string> contents(const fs::path& folder) {
    std::set<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (!entry.is_directory()) out.insert(fs::relative(entry.path(), folder).string());
    return out;
}

}  // namespace

static std::string generation_of(const fs::path& directory) {
    storage::SqliteDatabase file(directory / "intake.db", storage::SqliteDatabase::Mode::read, 1024);
    return file.first("SELECT name FROM generation", [](const storage::Row& row) { return row.text(0); }).value();
}

TEST_CASE("a backup beside an open store holds databases, files and the list, closed to others, and never the key") {
    BackedUp ground;
    std::ofstream(ground.directory.path / "erasures.log") << "";
    const auto made = ground.back_up();
    const std::string file = "media/" + ground.picture.substr(0, 2) + "/" + ground.picture;
    CHECK(contents(ground.backup) ==
          std::set<std::string>{"okno.db", "intake.db", "erasures.log", "manifest.json", file});
    CHECK(fs::status(ground.backup).permissions() == fs::perms::owner_all);
    for (const std::string& name : contents(ground.backup))
        CHECK(fs::status(ground.backup / name).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(made.intake == generation_of(ground.directory.path));
    const auto read = storage::read_manifest(ground.backup);
    CHECK(read.made_at == ground.now);
    CHECK(read.okno == "1.2.3");
    CHECK(read.files.size() == 4);
    CHECK(read.missing.empty());
    storage::check_files(ground.backup, read, quiet);
}

TEST_CASE("a restored directory has what was there when the backup was made, and nothing that came after") {
    BackedUp ground;
    ground.back_up();
    append(*ground.storage.intake, {0, ground.channel.id, ground.now, "proof", "a later webhook"});
    ground.restore();
    const storage::Storage restored = storage::open_storage({ground.target});
    CHECK(restored.intake->waiting(10).size() == 1);
    CHECK(generation_of(ground.target) == generation_of(ground.directory.path));
    const auto channels = read(*restored.store, [](StoreSession& session) { return session.all_channels(); });
    REQUIRE(channels.size() == 1);
    CHECK(channels[0].credential("access_token").reveal() == "EAAG-token");
    CHECK(contents(ground.target / "media").size() == 1);
}

TEST_CASE("a number of the intake is not given twice across a restore, also when all its rows were pruned") {
    BackedUp ground;
    storage::forget_webhooks(ground.directory.path / "intake.db");
    ground.back_up();
    ground.restore();
    const storage::Storage restored = storage::open_storage({ground.target});
    append(*restored.intake, {0, ground.channel.id, ground.now, "proof", "the next"});
    CHECK(restored.intake->waiting(10).at(0).number == 2);
}

TEST_CASE("a folder that is not empty is refused, and so is one into which another backup runs") {
    BackedUp ground;
    fs::create_directory(ground.backup);
    ground.back_up();  // empty: it may be there
    CHECK_THROWS_WITH_AS(ground.back_up(), doctest::Contains("is there and not empty"), std::runtime_error);
    fs::remove_all(ground.backup);
    fs::create_directory(ground.elsewhere.path / "backup.partial");
    CHECK_THROWS_WITH_AS(ground.back_up(), doctest::Contains("backup.partial is there"), std::runtime_error);
}

TEST_CASE("a backup that is interrupted leaves no folder that looks like one") {
    BackedUp ground;
    CHECK_THROWS(ground.back_up([] { throw std::runtime_error("the server ended"); }));
    CHECK(fs::is_empty(ground.elsewhere.path) == false);  // the target
    CHECK_FALSE(fs::exists(ground.backup));
    CHECK_FALSE(fs::exists(ground.elsewhere.path / "backup.partial"));
}

TEST_CASE("a file that is missing or damaged is named in the list and does not stop the backup") {
    BackedUp ground;
    ground.add_file(std::string(64, 'a'));
    std::ofstream(ground.directory.path / "media" / ground.picture.substr(0, 2) / ground.picture) << "other bytes";
    const auto made = ground.back_up();
    CHECK(made.missing.size() == 2);
    CHECK(contents(ground.backup) == std::set<std::string>{"okno.db", "intake.db", "manifest.json"});
}

TEST_CASE("a restore names the file that is not as the list says, and leaves the directory as it was") {
    BackedUp ground;
    ground.back_up();
    const auto before = contents(ground.target);
    SUBCASE("changed") {
        std::fstream(ground.backup / "intake.db", std::ios::in | std::ios::out) << "X";
        CHECK_THROWS_WITH_AS(ground.restore(), doctest::Contains("intake.db is not the file"), std::runtime_error);
    }
    SUBCASE("missing") {
        fs::remove(ground.backup / "okno.db");
        CHECK_THROWS_WITH_AS(ground.restore(), doctest::Contains("okno.db is missing"), std::runtime_error);
    }
    SUBCASE("no list") {
        fs::remove(ground.backup / "manifest.json");
        CHECK_THROWS_WITH_AS(ground.restore(), doctest::Contains("is no finished backup"), std::runtime_error);
    }
    SUBCASE("a list of another format") {
        std::ofstream(ground.backup / "manifest.json") << R"({"format":2})";
        CHECK_THROWS_WITH_AS(ground.restore(), doctest::Contains("is of format 2"), std::runtime_error);
    }
    SUBCASE("a list that names a file elsewhere") {
        std::ofstream(ground.backup / "manifest.json")
            << R"({"format":1,"made_at":"2026-01-01T00:00:00Z","files":[{"path":"../secret.key","size":1,"sha256":"a"}]})";
        CHECK_THROWS_WITH_AS(ground.restore(), doctest::Contains("it names a file ../secret.key"), std::runtime_error);
    }
    auto after = contents(ground.target);
    after.erase("lock");
    CHECK(after == before);
}

TEST_CASE("a restore asks for the key that sealed the credentials") {
    BackedUp ground;
    ground.back_up();
    std::ofstream(ground.target / "secret.key") << "another key of thirty-two bytes!";
    CHECK_THROWS_WITH_AS(ground.restore(), doctest::Contains("is not the key that sealed the credentials"),
                         std::runtime_error);
    fs::remove(ground.target / "secret.key");
    CHECK_THROWS_WITH_AS(ground.restore(), doctest::Contains("secret.key is missing"), std::runtime_error);
    CHECK_FALSE(fs::exists(storage::restoring_folder(ground.target)));
    fs::copy(ground.directory.path / "secret.key", ground.target / "secret.key");
    ground.restore();
    CHECK(fs::exists(ground.target / "okno.db"));
}

TEST_CASE("databases that are there are refused, and kept in a folder beside when they may be replaced") {
    BackedUp ground;
    ground.back_up();
    ground.restore();
    CHECK_THROWS_WITH_AS(ground.restore(), doctest::Contains("has databases already"), std::runtime_error);
    std::ofstream(ground.target / "search.db") << "of the old ones";
    ground.restore(true);
    CHECK(fs::exists(ground.target / "aside" / "okno.db"));
    CHECK(fs::exists(ground.target / "aside" / "search.db"));
    CHECK_FALSE(fs::exists(ground.target / "search.db"));
    CHECK(storage::open_storage({ground.target}).intake->waiting(10).size() == 1);
}

TEST_CASE("a directory in use is refused") {
    BackedUp ground;
    ground.back_up();
    const storage::DirectoryLock server(ground.target);
    CHECK_THROWS_WITH_AS(ground.restore(), doctest::Contains("in use by another Okno"), std::runtime_error);
}

TEST_CASE("a restore that was interrupted while it copied begins anew, and until then nothing opens the directory") {
    BackedUp ground;
    ground.back_up();
    const auto manifest = storage::read_manifest(ground.backup);
    storage::stage_restore({ground.target, ground.target / "media"}, ground.backup, manifest, quiet);
    CHECK_THROWS_WITH_AS(storage::check_restored(ground.target), doctest::Contains("did not come to its end"),
                         std::runtime_error);
    ground.restore();
    storage::check_restored(ground.target);
    CHECK(storage::open_storage({ground.target}).intake->waiting(10).size() == 1);
}

TEST_CASE("a restore that was interrupted between any two moves is finished by the next one") {
    // The state that a power cut leaves: the first `moved` names are where they belong, the others are not yet.
    for (const bool is_placing : {false, true})
        for (int moved = 0; moved < 4; ++moved) {
            BackedUp ground;
            ground.back_up();
            for (const char* name : {"okno.db", "okno.db-wal", "intake.db"})
                std::ofstream(ground.target / name) << "old";
            fs::create_directory(ground.target / "media");
            const fs::path folder = storage::restoring_folder(ground.target);
            storage::stage_restore({ground.target, ground.target / "media"}, ground.backup,
                                   storage::read_manifest(ground.backup), quiet);
            std::ofstream(folder / "aside") << "aside";
            fs::create_directory(ground.target / "aside");
            const std::vector<std::string> order{"okno.db-wal", "okno.db", "intake.db", "media"};
            for (int i = 0; i < (is_placing ? 4 : moved); ++i)
                fs::rename(ground.target / order[i], ground.target / "aside" / order[i]);
            if (is_placing) {
                std::ofstream(folder / "placing");
                for (int i = 0; i < moved; ++i)
                    if (fs::exists(folder / order[i])) fs::rename(folder / order[i], ground.target / order[i]);
            }
            ground.restore();
            CHECK_FALSE(fs::exists(folder));
            CHECK(contents(ground.target / "aside") == std::set<std::string>{"okno.db", "okno.db-wal", "intake.db"});
            CHECK(storage::open_storage({ground.target}).intake->waiting(10).size() == 1);
            CHECK(contents(ground.target / "media").size() == 1);
        }
}

TEST_SUITE_END();
