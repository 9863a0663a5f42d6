// A workspace whose messages can be searched: writes them, waits for the index, and gives what is found as texts.
#pragma once

#include "domain/partition.hpp"
#include "storage/search/search_index.hpp"
#include "storage/sqlite/sqlite_database.hpp"
#include "support/storage_fixture.hpp"

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace okno::tests {

struct SearchGround : Ground {
    std::unique_ptr<storage::SearchIndex> index = open();
    Conversation anna = conversation_with("79215550148", "Анна Петрова");

    std::unique_ptr<storage::SearchIndex> open() {
        if (storage.leases)
            return std::make_unique<storage::SearchIndex>(*storage.connector, *storage.leases, *storage.store);
        return std::make_unique<storage::SearchIndex>(directory.path / "search.db", *storage.store);
    }

    // Nobody has the index open.
    std::unique_ptr<storage::Sql> open_index_sql() const {
        if (on_postgres()) return std::make_unique<storage::PostgresDatabase>(database.url);
        return std::make_unique<storage::SqliteDatabase>(directory.path / "search.db",
                                                         storage::SqliteDatabase::Mode::write, 1024);
    }
    void remove_index() const {
        if (on_postgres()) {
            open_index_sql()->script("DELETE FROM search_documents; DELETE FROM search_workspaces");
            return;
        }
        for (const char* file : {"search.db", "search.db-wal", "search.db-shm"})
            std::filesystem::remove(directory.path / file);
    }

    Conversation conversation_with(const std::string& phone, const std::string& name) {
        return in_workspace([&](Transaction& tx) {
            Person person = a_person(phone);
            person.name = name;
            const Conversation made = tx.conversation_of(channel.id, person, now);
            tx.note_change("conversation", made.id.value());
            return made;
        });
    }

    Message message_of(const Conversation& conversation, const std::string& text) {
        Message message;
        message.id = make_id<MessageId>();
        message.conversation = conversation.id;
        message.text = text;
        now += 1s;
        message.created_at = now;
        message.position = now;
        return message;
    }

    Message write(const Message& message) {
        in_workspace([&](Transaction& tx) {
            tx.insert_message_if_new(channel.id, message);
            tx.note_change("message", message.id.value());
        });
        return message;
    }

    Message say(const std::string& text) { return write(message_of(anna, text)); }

    void save(const Message& message) {
        in_workspace([&](Transaction& tx) {
            tx.save_message(message);
            tx.note_change("message", message.id.value());
        });
    }

    Result<SearchPage> page(const std::string& query, std::optional<std::int64_t> before = {}, int limit = 50) {
        // On a machine that is busy with other things a lease may lapse, and then nothing of it is indexed here.
        for (int partition = 0; storage.leases && partition < partition_count; ++partition)
            while (!storage.leases->epoch_of(partition))
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
        index->catch_up();
        return index->find({workspace, query, {{channel.name, channel.id}}, before, limit});
    }

    // The texts of what is found, newest first.
    std::vector<std::string> find(const std::string& query) {
        const auto found = page(query);
        if (!found) return {"error: " + found.error().detail};
        std::vector<std::string> texts;
        in_workspace([&](Transaction& tx) {
            for (const SearchHit& hit : found->hits)
                texts.push_back(tx.message(hit.message)->text);
        });
        return texts;
    }

    bool finds(const std::string& query) {
        const auto texts = find(query);
        return !texts.empty() && !texts.front().starts_with("error");
    }
};

}  // namespace okno::tests
