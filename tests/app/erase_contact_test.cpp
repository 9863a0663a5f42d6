// A person is forgotten: nothing of theirs stays in any table, nothing of anybody else goes.
#include "app/erase_contact.hpp"

#include "app/forget_files.hpp"
#include "media/disk_files.hpp"
#include "storage/erasures_file.hpp"
#include "storage/secret_key.hpp"
#include "storage/sqlite/sqlite_database.hpp"
#include "support/talk.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

using namespace okno;
using namespace okno::tests;

namespace {

const std::string phone = "79161234567";

// The customer of the talk wrote, was answered and is in every place where a person may stand.
struct KnownPerson : Talk {
    storage::ErasuresFile ledger{directory.path / "erasures.log", storage::read_key(directory.path)};
    media::DiskFiles files{directory.path / "media"};
    ContactId contact;

    KnownPerson() {
        send(text("answer to 79161234567"), now);
        in_workspace([&](Transaction& tx) {
            contact = tx.conversation(conversation, std::nullopt)->contact;
            tx.mark_read(conversation, maria.user);
            tx.save_draft(conversation, maria.user, {"draft for 79161234567", ""}, now);
            tx.insert_media(file_of(question, "a picture of 79161234567"));
            tx.note_message_change(channel.id, reaction("wamid.Q"), now);
            tx.set_aside({0, channel.id, now, "unreadable", R"({"from":"79161234567"})", ""});
            tx.set_aside({0, channel.id, now, "unreadable", R"({"from":"79260000000"})", ""});
            record_event(tx, channel, messenger.traits(), {{}, reaction("wamid.unknown")}, now);
            tx.keep_reply(maria.user, "key-1", {"hash", 0, ""}, Clock::real_now());
            tx.complete_reply(maria.user, "key-1", 201,
                              R"({"conversation_id":")" + conversation.value().text() + "\"}");
        });
    }

    MessageChange reaction(const std::string& target) const {
        MessageChange out;
        out.from = a_person(phone);
        out.kind = MessageChange::Kind::reaction;
        out.target = ProviderMessageId{target};
        out.key = "reaction to " + target;
        out.text = "+";
        return out;
    }
    // A stored file with this content, written long ago.
    Media file_of(MessageId message, const std::string& content) const {
        const std::string part = files.new_part();
        std::ofstream(part) << content;
        Media media;
        media.id = make_id<MediaId>();
        media.message = message;
        media.kind = "image";
        media.state = MediaState::ready;
        media.sha256 = files.adopt(part)->sha256;
        std::filesystem::last_write_time(*files.find(media.sha256), std::filesystem::file_time_type::clock::now() - 2h);
        media.created_at = now;
        return media;
    }
    std::optional<Erased> erase() {
        return write(*storage.store,
                     [&](StoreSession& session) { return erase_contact(session, workspace, contact, ledger, now); });
    }
    // Every value of every table, as text; but for the change feed, which names objects that are gone and nothing more.
    std::string everything() const {
        const std::unique_ptr<storage::Sql> sql = open_sql();
        std::string out;
        const auto text = [](const storage::Row& row) { return row.text(0); };
        const auto columns_of = [](const std::string& table) {
            return on_postgres()
                       ? "SELECT column_name::text FROM information_schema.columns WHERE table_name='" + table + "'"
                       : "SELECT name FROM pragma_table_info('" + table + "')";
        };
        for (const std::string& table : tables(*sql)) {
            if (table == "changes") continue;
            for (const std::string& column : sql->rows(columns_of(table), text))
                for (const std::string& value : sql->rows("SELECT " + column + " FROM " + table, text))
                    out += table + "." + column + "=" + value + "\n";
        }
        return out;
    }
};

std::string bytes_of(const Uuid& id) { return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()}; }

}  // namespace

TEST_CASE("nothing of an erased person stays in any table") {
    KnownPerson ground;
    REQUIRE(ground.everything().find(phone) != std::string::npos);
    const auto erased = ground.erase();
    REQUIRE(erased);
    CHECK(erased->conversations == 1);
    CHECK(erased->messages == 2);
    const std::string left = ground.everything();
    CHECK(left.find(phone) == std::string::npos);
    CHECK(left.find(short_hash(phone)) == std::string::npos);
    CHECK(left.find(bytes_of(ground.contact.value())) == std::string::npos);
    CHECK(left.find(bytes_of(ground.question.value())) == std::string::npos);
    CHECK(left.find(bytes_of(ground.conversation.value())) == std::string::npos);
    CHECK(left.find("conversations.id=") == std::string::npos);
    CHECK(left.find("message_changes.") == std::string::npos);
    CHECK(left.find("79260000000") != std::string::npos);  // the other body that was set aside
    CHECK_FALSE(ground.erase());
}

TEST_CASE("pages and the search are told that the conversation is gone") {
    KnownPerson ground;
    const auto before = ground.in_workspace([](Transaction& tx) { return tx.last_seq(); });
    ground.erase();
    const auto changes = ground.in_workspace([&](Transaction& tx) { return tx.changes_after(before, 100); });
    CHECK(std::ranges::any_of(changes, [&](const Change& change) {
        return change.type == "conversation" && change.object == ground.conversation.value();
    }));
}

TEST_CASE("a request that is repeated under the key of an erased answer gets nothing, and is not carried out again") {
    KnownPerson ground;
    ground.erase();
    const auto kept = ground.in_workspace([&](Transaction& tx) { return tx.kept_reply(ground.maria.user, "key-1"); });
    REQUIRE(kept);
    CHECK(kept->status == 404);
    CHECK(kept->body.find(ground.conversation.value().text()) == std::string::npos);
    CHECK_FALSE(ground.in_workspace([&](Transaction& tx) {
        return tx.keep_reply(ground.maria.user, "key-1", {"hash", 0, ""}, Clock::real_now() + 2min);
    }));
}

TEST_CASE("another person of the same channel keeps everything") {
    KnownPerson ground;
    const auto other = ground.in_workspace([&](Transaction& tx) {
        record_event(tx, ground.channel, ground.messenger.traits(),
                     ground.messenger.parse("wamid.O 79260000000 me too").events.front(), ground.now);
        for (const Conversation& one : tx.conversations({}, ground.maria.user))
            if (one.id != ground.conversation) return one;
        return Conversation{};
    });
    ground.erase();
    ground.in_workspace([&](Transaction& tx) {
        const auto kept = tx.conversation(other.id, std::nullopt);
        REQUIRE(kept);
        CHECK(kept->phone == "79260000000");
        CHECK(tx.messages(other.id, std::nullopt, 10).size() == 1);
    });
}

TEST_CASE("the ledger has one line that says when and which contact, and nothing by which a stranger knows whom") {
    KnownPerson ground;
    ground.erase();
    const auto lines = storage::ErasuresFile::read(ground.directory.path / "erasures.log");
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].time == ground.now);
    CHECK(lines[0].workspace == ground.workspace);
    CHECK(lines[0].contact == ground.contact);
    CHECK(lines[0].addresses ==
          std::vector{ground.ledger.keyed({ground.channel.id, "phone", phone, short_hash(phone)})});
    std::ostringstream text;
    text << std::ifstream(ground.directory.path / "erasures.log").rdbuf();
    CHECK(text.str().find(phone) == std::string::npos);
    CHECK(text.str().find(to_hex(short_hash(phone).data(), 16)) == std::string::npos);
}

TEST_CASE("an erasure whose line cannot be written does not happen") {
    KnownPerson ground;
    std::filesystem::create_directory(ground.directory.path / "erasures.log");  // nothing can be appended to it
    CHECK_THROWS_AS(ground.erase(), StoreUnavailable);
    CHECK(ground.in_workspace([&](Transaction& tx) { return tx.conversation(ground.conversation, std::nullopt); }));
}

TEST_CASE("the file of an erased person leaves the disk unless another message has the same one") {
    KnownPerson ground;
    const Media shared = ground.file_of(ground.question, "price list");
    const Media others = [&] {
        Media out = shared;
        out.id = make_id<MediaId>();
        out.message = make_id<MessageId>();
        return out;
    }();
    ground.in_workspace([&](Transaction& tx) {
        tx.insert_media(shared);
        tx.insert_media(others);
    });
    const auto erased = ground.erase();
    REQUIRE(erased->files.size() == 2);
    const auto always = [] { return true; };
    CHECK(forget_files(*ground.storage.store, ground.files, erased->files, forgotten_at_once, [] { return false; }) ==
          0);
    CHECK(forget_files(*ground.storage.store, ground.files, erased->files, forgotten_at_once, always) == 1);
    CHECK(ground.files.find(shared.sha256));
}

TEST_CASE("the sweep removes files that no row names once they are an hour old, and no younger ones") {
    KnownPerson ground;
    const Media kept = ground.file_of(ground.question, "kept");
    ground.in_workspace([&](Transaction& tx) { tx.insert_media(kept); });
    const Media old = ground.file_of(ground.question, "never sent");
    const Media fresh = ground.file_of(ground.question, "being uploaded");
    std::filesystem::last_write_time(*ground.files.find(fresh.sha256), std::filesystem::file_time_type::clock::now());
    int removed = 0;
    for (int group = 0; group < MediaFiles::groups; ++group)
        removed += sweep_files(*ground.storage.store, ground.files, group, [] { return true; }).value();
    CHECK(removed == 1);
    CHECK(ground.files.find(kept.sha256));
    CHECK(ground.files.find(fresh.sha256));
    CHECK_FALSE(ground.files.find(old.sha256));
}
