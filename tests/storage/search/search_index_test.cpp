// What can be found, over the real store and the real index.
#include "storage/search/query.hpp"
#include "storage/search/search_file.hpp"
#include "storage/sqlite/sqlite_database.hpp"
#include "support/search_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>

using namespace okno;
using namespace okno::tests;

using Texts = std::vector<std::string>;

TEST_CASE("a word is found in any of its forms") {
    SearchGround ground;
    ground.say("Пришлите новых ключей");
    ground.say("I have paid the invoices");
    CHECK(ground.finds("ключи"));
    CHECK(ground.finds("КЛЮЧАМ"));
    CHECK(ground.finds("invoice"));
    CHECK(ground.finds("оплата") == false);
}

TEST_CASE("оплата finds оплатил, as Snowball gives both one stem") {
    SearchGround ground;
    ground.say("Я уже оплатил");
    CHECK(ground.finds("оплата"));
}

TEST_CASE("case and ё do not matter") {
    SearchGround ground;
    ground.say("Ёлка ещё стоит");
    CHECK(ground.finds("елка"));
    CHECK(ground.finds("ЁЛКИ"));
    CHECK(ground.finds("еще"));
}

TEST_CASE("a number in a text is found in any format") {
    SearchGround ground;
    ground.say("Перезвоните на +7 (911) 222-33-44");
    for (const char* query : {"8 911 222 33 44", "+79112223344", "222-33-44", "9112223344", "222 33 44",
                              "8 (911) 222-3", "911222", "+7 911 222"})
        CHECK_MESSAGE(ground.finds(query), query);
    CHECK_FALSE(ground.finds("8 911 222 33 45"));
}

TEST_CASE("a contact is found by name and by number, and shown by the newest message") {
    SearchGround ground;
    ground.say("Добрый день");
    ground.say("Спасибо");
    CHECK(ground.find("петрова") == Texts{"Спасибо"});
    CHECK(ground.find("8 921 555 01 48") == Texts{"Спасибо"});
    CHECK(ground.find("555-01-48") == Texts{"Спасибо"});
    ground.say("Ещё вопрос");
    CHECK(ground.find("Анна П") == Texts{"Ещё вопрос"});
    CHECK_FALSE(ground.finds("Анна Б"));
}

TEST_CASE("a message that is found by its text and by its contact is shown once") {
    SearchGround ground;
    ground.say("Это Анна");
    ground.say("Анна Петрова");
    CHECK(ground.find("анна") == Texts{"Анна Петрова", "Это Анна"});
    const auto first = ground.page("анна", {}, 1);
    REQUIRE(first->next);
    const auto second = ground.page("анна", first->next, 1);
    REQUIRE(second->hits.size() == 1);
    CHECK(second->hits[0].message != first->hits[0].message);
    CHECK_FALSE(second->next);
}

TEST_CASE("all words are required, the last one may be unfinished") {
    SearchGround ground;
    ground.say("ключ от тестового стенда");
    ground.say("ключ потерян");
    CHECK(ground.find("ключ стенд") == Texts{"ключ от тестового стенда"});
    for (const char* query : {"ключ те", "ключ тес", "ключ тесто", "тестовог"})
        CHECK_MESSAGE(ground.find(query) == Texts{"ключ от тестового стенда"}, query);
    CHECK_FALSE(ground.finds("тес ключ"));
}

TEST_CASE("a phrase is found as it stands") {
    SearchGround ground;
    ground.say("доступ к тестовому стенду");
    ground.say("тестовому доступ к стенду");
    CHECK(ground.find("\"к тестовому стенду\"") == Texts{"доступ к тестовому стенду"});
    CHECK(ground.find("«доступ к»").size() == 2);
    CHECK_FALSE(ground.finds("\"тестовый стенд\""));
    CHECK_FALSE(ground.finds("\"стенду доступ\""));
}

TEST_CASE("a version number is found as it stands") {
    SearchGround ground;
    ground.say("В 2.14 починили");
    CHECK(ground.finds("2.14"));
    CHECK_FALSE(ground.finds("14.2"));
}

TEST_CASE("from: finds what the customer wrote, by name and by number") {
    SearchGround ground;
    const auto boris = ground.conversation_with("79260000000", "Борис");
    ground.say("счёт от Анны");
    ground.write(ground.message_of(boris, "счёт от Бориса"));
    auto answer = ground.message_of(ground.anna, "вот счёт");
    answer.direction = Direction::outbound;
    ground.write(answer);
    CHECK(ground.find("from:анна счет") == Texts{"счёт от Анны"});
    CHECK(ground.find("from:\"Анна Петрова\"") == Texts{"счёт от Анны"});
    CHECK(ground.find("from:+7(926)000-00-00") == Texts{"счёт от Бориса"});
    CHECK(ground.find("from:89260000000") == Texts{"счёт от Бориса"});
    CHECK(ground.find("from:Виктор").empty());
}

TEST_CASE("channel: finds what is in the channel, and names the channels when it is none of them") {
    SearchGround ground;
    Channel other = a_channel(ground.workspace, "5550000000");
    other.name = "WhatsApp · Отдел продаж";
    ground.in_workspace([&](Transaction& tx) { tx.insert_channel(other); });
    ground.say("ключ");
    ground.index->catch_up();
    const auto found = [&](const std::string& text) {
        return ground.index->find(
            {ground.workspace, text, {{"Support", ground.channel.id}, {other.name, other.id}}, {}, 50});
    };
    CHECK(found("channel:support ключ")->hits.size() == 1);
    CHECK(found("channel:Supp")->hits.size() == 1);
    CHECK(found("channel:отдел ключ")->hits.empty());
    CHECK(found("channel:VK ключ").error().detail ==
          "channel: expected the name of a channel: Support, WhatsApp · Отдел продаж");
    CHECK_FALSE(found("channel:дел"));
}

TEST_CASE("has:file finds messages with a file, and a file by its name") {
    SearchGround ground;
    ground.say("договор без файла");
    auto file = ground.message_of(ground.anna, "договор");
    file.type = "document";
    file.content = R"({"document":{"filename":"Акт сверки.pdf","mime_type":"application/pdf"}})";
    ground.write(file);
    CHECK(ground.find("договор has:file") == Texts{"договор"});
    CHECK(ground.find("has:file") == Texts{"договор"});
    CHECK(ground.find("сверка") == Texts{"договор"});
    CHECK_FALSE(ground.finds("application"));
}

TEST_CASE("before: is earlier than that day, after: that day and later") {
    SearchGround ground;
    const auto at = [&](const char* time, const char* text) {
        auto message = ground.message_of(ground.anna, text);
        message.position = *parse_rfc3339(time);
        ground.write(message);
    };
    at("2026-04-30T23:59:59Z", "апрельский ключ");
    at("2026-05-01T00:00:00Z", "майский ключ");
    at("2026-05-02T00:00:00Z", "следующий ключ");
    CHECK(ground.find("ключ before:2026-05-01") == Texts{"апрельский ключ"});
    CHECK(ground.find("ключ after:2026-05-01") == Texts{"следующий ключ", "майский ключ"});
    CHECK(ground.find("after:2026-05-01 before:2026-05-02") == Texts{"майский ключ"});
}

TEST_CASE("notes and answers are found too") {
    SearchGround ground;
    auto note = ground.message_of(ground.anna, "клиент просит скидку");
    note.direction = Direction::note;
    ground.write(note);
    auto answer = ground.message_of(ground.anna, "скидка будет");
    answer.direction = Direction::outbound;
    ground.write(answer);
    CHECK(ground.find("скидки") == Texts{"скидка будет", "клиент просит скидку"});
}

TEST_CASE("an edited message is found by its new text and not by the old") {
    SearchGround ground;
    Message message = ground.say("встреча во вторник");
    CHECK(ground.finds("вторник"));
    message.text = "встреча в среду";
    message.is_edited = true;
    ground.save(message);
    CHECK(ground.finds("среда"));
    CHECK_FALSE(ground.finds("вторник"));
}

TEST_CASE("a deleted message is not found, nor shown for its contact") {
    SearchGround ground;
    ground.say("первый ключ");
    Message message = ground.say("второй ключ");
    CHECK(ground.find("ключ").size() == 2);
    message.is_deleted = true;
    ground.save(message);
    CHECK(ground.find("ключ") == Texts{"первый ключ"});
    CHECK(ground.find("петрова") == Texts{"первый ключ"});
}

TEST_CASE("a contact whose messages are all deleted is not found") {
    SearchGround ground;
    Message message = ground.say("единственное");
    CHECK(ground.finds("петрова"));
    message.is_deleted = true;
    ground.save(message);
    CHECK_FALSE(ground.finds("петрова"));
}

TEST_CASE("a status does not change what is found") {
    SearchGround ground;
    Message message = ground.message_of(ground.anna, "скоро будет");
    message.direction = Direction::outbound;
    message.status = MessageStatus::queued;
    ground.write(message);
    CHECK(ground.find("скоро") == Texts{"скоро будет"});
    message.status = MessageStatus::read;
    ground.save(message);
    CHECK(ground.find("скоро") == Texts{"скоро будет"});
}

TEST_CASE("a contact is found by the number it changed to") {
    SearchGround ground;
    ground.say("новый номер");
    ground.in_workspace([&](Transaction& tx) {
        tx.replace_addresses(ground.channel.id, {a_person("79215550148").addresses, a_person("79260000000").addresses});
    });
    CHECK(ground.finds("8 926 000 00 00"));
    CHECK_FALSE(ground.finds("8 921 555 01 48"));
}

TEST_CASE("of two contacts that turn out one, all messages are found under the older") {
    SearchGround ground;
    const auto newer = ground.in_workspace([&](Transaction& tx) {
        Person person = a_person("", "RU.88172635");
        person.name = "Вера";
        return tx.conversation_of(ground.channel.id, person, ground.now);
    });
    ground.say("старый ключ");
    const Message moved = ground.write(ground.message_of(newer, "новый ключ"));
    CHECK(ground.find("вера") == Texts{"новый ключ"});
    ground.in_workspace([&](Transaction& tx) {
        tx.conversation_of(ground.channel.id, a_person("79215550148", "RU.88172635"), ground.now);
    });
    CHECK(ground.find("from:петрова ключ") == Texts{"новый ключ", "старый ключ"});
    CHECK(ground.find("петрова") == Texts{"новый ключ"});
    CHECK_FALSE(ground.finds("вера"));
    CHECK(ground.page("ключ")->hits.at(0).conversation == ground.anna.id);
}

TEST_CASE("one workspace does not find another's messages and contacts") {
    SearchGround ground;
    ground.say("общий ключ");
    const auto other =
        tests::write(*ground.storage.store, [&](StoreSession& s) { return s.make_workspace("Other", ground.now); });
    ground.index->catch_up();
    for (const char* query : {"ключ", "петрова", "after:2020-01-01", "from:анна"})
        CHECK(ground.index->find({other, query, {{"Support", ground.channel.id}}, {}, 50})->hits.empty());
    CHECK(ground.index->find({make_id<WorkspaceId>(), "ключ", {}, {}, 50})->hits.empty());
}

TEST_CASE("messages of one millisecond keep their order, whichever is indexed first") {
    TemporaryDirectory directory;
    storage::SearchFile index(directory.path / "search.db", storage::SqliteDatabase::Mode::write);
    const auto workspace = make_id<WorkspaceId>();
    const auto progress = index.add_workspace(workspace, 0, {});
    storage::DocumentTerms terms(progress.workspace);
    terms.add_text("ключ");
    std::vector<MessageId> made;
    for (int i = 0; i < 5; ++i)
        made.push_back(make_id<MessageId>());
    const auto conversation = make_id<ConversationId>();
    for (const std::vector<std::size_t>& together : {std::vector<std::size_t>{1, 2}, {4, 3}, {0}}) {
        storage::SearchBatch batch;
        for (const std::size_t i : together)
            batch.documents.push_back({conversation, made[i], from_millis(1'795'000'000'000), terms.joined()});
        index.write(workspace, batch, progress);
    }
    storage::MatchExpression wanted(progress.workspace);
    wanted.require(storage::parse_query("ключ")->all.front());
    std::vector<MessageId> found;
    for (const SearchHit& hit : index.find(workspace, wanted, {}, {}, 10).hits)
        found.push_back(hit.message);
    CHECK(found == std::vector{made[4], made[3], made[2], made[1], made[0]});
}

TEST_CASE("pages of a search follow each other without a gap or a repeat") {
    SearchGround ground;
    std::vector<MessageId> written;
    for (int i = 0; i < 40; ++i) {
        auto message = ground.message_of(ground.anna, "ключ номер " + std::to_string(i));
        message.position = from_millis(1'795'000'000'000 + i / 3 * 1000);  // several share a position
        written.push_back(ground.write(message).id);
    }
    std::ranges::reverse(written);
    const auto read_all = [&] {
        std::vector<MessageId> seen;
        std::optional<std::int64_t> next;
        do {
            const auto page = ground.page("ключ", next, 7);
            REQUIRE(page);
            for (const SearchHit& hit : page->hits)
                seen.push_back(hit.message);
            next = page->next;
        } while (next);
        return seen;
    };
    CHECK(read_all() == written);
    // In the same order when the index is made from the stored messages.
    ground.index.reset();
    ground.remove_index();
    ground.index = ground.open();
    CHECK(read_all() == written);
}

TEST_CASE("a word of few messages is found however many were written since, newest first") {
    SearchGround ground;
    const Message first = ground.say("первый ключ");
    ground.in_workspace([&](Transaction& tx) {
        for (int i = 0; i < 4500; ++i)
            tx.insert_message_if_new(ground.channel.id, ground.message_of(ground.anna, "письмо " + std::to_string(i)));
    });
    ground.index.reset();
    ground.remove_index();
    ground.index = ground.open();
    CHECK(ground.find("первый") == Texts{"первый ключ"});
    ground.say("второй ключ");
    CHECK(ground.find("ключ") == Texts{"второй ключ", "первый ключ"});
    const auto newest = ground.page("ключ", {}, 1);
    REQUIRE(newest->next);
    const auto oldest = ground.page("ключ", newest->next, 1);
    REQUIRE(oldest->hits.size() == 1);
    CHECK(oldest->hits.front().message == first.id);
    CHECK(!oldest->next);
    CHECK(ground.page("письмо", {}, 3000)->hits.size() == 3000);
}

TEST_CASE("what is found is in its index, and no search reads what waits to get there" *
          doctest::skip(!on_postgres())) {
    SearchGround ground;
    for (int i = 0; i < 20; ++i)
        ground.say("ключ " + std::to_string(i));
    CHECK(ground.finds("ключ"));
    CHECK(ground.open_index_sql()->first("SELECT gin_clean_pending_list('search_terms')",  // pages that had waited
                                         [](const storage::Row& row) { return row.integer(0); }) == 0);
}

TEST_CASE("an index that was deleted is made again") {
    SearchGround ground;
    ground.in_workspace([&](Transaction& tx) {
        for (int i = 0; i < 2500; ++i)  // more than one step
            tx.insert_message_if_new(ground.channel.id, ground.message_of(ground.anna, "ключ " + std::to_string(i)));
    });
    Message gone = ground.say("удалённый ключ");
    gone.is_deleted = true;
    ground.save(gone);
    ground.index.reset();
    ground.remove_index();
    ground.index = ground.open();
    CHECK(ground.find("2499") == Texts{"ключ 2499"});
    CHECK(ground.find("\"ключ 0\"") == Texts{"ключ 0"});
    CHECK(ground.page("ключ", {}, 3000)->hits.size() == 2500);
    CHECK(ground.finds("петрова"));
}

TEST_CASE("an index that cannot be read is made again" * doctest::skip(on_postgres())) {
    SearchGround ground;
    ground.say("ключ");
    ground.index.reset();
    for (const char* file : {"search.db-wal", "search.db-shm"})
        std::filesystem::remove(ground.directory.path / file);
    std::ofstream(ground.directory.path / "search.db", std::ios::binary) << std::string(8192, 'x');
    ground.index = ground.open();
    CHECK(ground.finds("ключ"));
}

TEST_CASE("an index of another version is made again" * doctest::skip(on_postgres())) {
    SearchGround ground;
    ground.say("ключ");
    CHECK(ground.finds("ключ"));
    ground.index.reset();
    {
        storage::SqliteDatabase file(ground.directory.path / "search.db", storage::SqliteDatabase::Mode::write, 1024);
        file.script("PRAGMA user_version=999; DROP TABLE search_documents");
    }
    ground.index = ground.open();
    CHECK(ground.finds("ключ"));
}

TEST_CASE("an index ahead of its database, as after a restored backup, is made again") {
    SearchGround ground;
    ground.say("ключ");
    CHECK(ground.finds("ключ"));
    ground.index.reset();
    ground.open_index_sql()->script("UPDATE search_workspaces SET seq = seq + 1000");
    ground.index = ground.open();
    CHECK(ground.find("ключ") == Texts{"ключ"});
}

TEST_CASE("what was written while no index was open is found after it opens") {
    SearchGround ground;
    ground.say("первый ключ");
    CHECK(ground.finds("ключ"));
    ground.index.reset();
    ground.say("второй ключ");
    ground.index = ground.open();
    CHECK(ground.find("ключ") == Texts{"второй ключ", "первый ключ"});
}

TEST_CASE("no query makes an error of the engine") {
    SearchGround ground;
    ground.say("ключ");
    std::string long_query;
    while (long_query.size() < 10'000)
        long_query += "ключ \"NEAR( ";
    const Texts hostile{"\"",
                        "\"\"",
                        "*",
                        "NEAR(",
                        "NEAR(a b, 5)",
                        "a AND OR NOT",
                        "term:ключ",
                        "^ключ",
                        "ключ*",
                        "ключ +",
                        "-ключ",
                        "(((((",
                        "{term} : x",
                        "' OR 1=1 --",
                        "from:\"",
                        "from:* ключ",
                        "1wключ",
                        std::string("клю\0ч", 9),
                        std::string("\0", 1),
                        "\xFF\xFE ключ \xD0",
                        long_query,
                        std::string(10'240, '"'),
                        std::string(10'240, '9'),
                        std::string(10'240, 'a'),
                        "\uFDFA \u202E \U0001F600"};
    for (const std::string& query : hostile) {
        const auto found = ground.page(query);
        if (!found) CHECK_MESSAGE(found.error().kind == ErrorKind::invalid, query);
        CHECK_NOTHROW(ground.index->snippet(query, "ключ"));
    }
    CHECK(ground.finds("ключ* \""));
    CHECK(ground.find("*").empty());
}
