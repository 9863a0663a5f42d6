// Fills the first workspace of a stopped installation, past the ways of a webhook: for measuring how costs grow.
//
//   okno-fill DIRECTORY postgresql://...|files CONVERSATIONS MESSAGES READER
//
// One conversation in 100 is in the workspace's second channel when it has one, one in 50 waits, one in 50 is unread by
// READER (an e-mail address). Prints how long it took, and what there is to look for, as one line of JSON.
#include "base/crypto.hpp"
#include "domain/channel.hpp"
#include "storage/open_storage.hpp"
#include "storage/postgres/postgres_database.hpp"
#include "storage/sql_session.hpp"
#include "texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <future>

using namespace okno;
using storage::sql;

namespace {

struct Column {
    const char* name;
    const char* type;  // of PostgreSQL's arrays
};

// Rows of one table, inserted together.
class Rows {
public:
    Rows(const char* table, std::vector<Column> columns)
        : table_(table), columns_(std::move(columns)), values_(columns_.size()) {}

    template <typename... Values>
    void add(const Values&... values) {
        std::size_t at = 0;
        (values_[at++].push_back(sql(values)), ...);
    }

    void insert(storage::Sql& to) {
        if (values_.front().empty()) return;
        std::string names;
        std::string places;
        std::string arrays;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const char* comma = i == 0 ? "" : ", ";
            names += fmt::format("{}{}", comma, columns_[i].name);
            places += fmt::format("{}${}", comma, i + 1);
            arrays += fmt::format("{}${}::{}[]", comma, i + 1, columns_[i].type);
        }
        const std::string begin = fmt::format("INSERT INTO {} ({}) ", table_, names);
        if (to.engine() == storage::Engine::postgres) {
            to.run_batch(begin + fmt::format("SELECT * FROM unnest({})", arrays), values_, {});
        } else {
            for (std::size_t row = 0; row < values_.front().size(); ++row) {
                std::vector<storage::SqlValue> one;
                for (auto& column : values_)
                    one.push_back(std::move(column[row]));
                to.run(begin + "VALUES (" + places + ")", one, {});
            }
        }
        for (auto& column : values_)
            column.clear();
    }

private:
    const char* table_;
    std::vector<Column> columns_;
    storage::Columns values_;
};

// What is inserted at once.
struct Batch {
    Rows contacts{"contacts", {{"workspace_id", "uuid"}, {"id", "uuid"}, {"name", "text"}}};
    Rows identities{"identities",
                    {{"workspace_id", "uuid"}, {"id", "uuid"}, {"contact_id", "uuid"}, {"channel_id", "uuid"}}};
    Rows addresses{"addresses",
                   {{"workspace_id", "uuid"},
                    {"channel_id", "uuid"},
                    {"kind", "text"},
                    {"hash", "bytea"},
                    {"value", "text"},
                    {"rank", "int8"},
                    {"identity_id", "uuid"}}};
    Rows conversations{"conversations",
                       {{"workspace_id", "uuid"},
                        {"id", "uuid"},
                        {"channel_id", "uuid"},
                        {"identity_id", "uuid"},
                        {"contact_id", "uuid"},
                        {"window_closes_at", "int8"},
                        {"waiting", "int8"},
                        {"last_message", "uuid"},
                        {"updated_at", "int8"},
                        {"version", "int8"}}};
    Rows readings{"readings",
                  {{"workspace_id", "uuid"}, {"user_id", "uuid"}, {"conversation_id", "uuid"}, {"read_to", "int8"}}};
    Rows messages{"messages",
                  {{"workspace_id", "uuid"},
                   {"id", "uuid"},
                   {"conversation_id", "uuid"},
                   {"channel_id", "uuid"},
                   {"client_id", "text"},
                   {"direction", "int8"},
                   {"type", "text"},
                   {"body", "text"},
                   {"content", "text"},
                   {"status_times", "text"},
                   {"error_code", "text"},
                   {"error_message", "text"},
                   {"provider_id", "text"},
                   {"provider_hash", "bytea"},
                   {"author_kind", "int8"},
                   {"author_id", "uuid"},
                   {"author_name", "text"},
                   {"attempt", "int8"},
                   {"is_edited", "int8"},
                   {"is_deleted", "int8"},
                   {"created_at", "int8"},
                   {"position", "int8"}}};

    void insert(storage::Sql& to) {
        for (Rows* rows : {&contacts, &identities, &addresses, &conversations, &readings, &messages})
            rows->insert(to);
    }
};

class Filling {
public:
    Filling(WorkspaceId workspace, std::vector<Channel> channels, UserId reader, int conversations, int messages)
        : workspace_(workspace),
          channels_(std::move(channels)),
          reader_(reader),
          conversations_(conversations),
          each_(std::max(1, messages / conversations)),
          from_(Clock::real_now() - std::chrono::hours(24 * 365)),
          step_(std::chrono::milliseconds{364LL * 24 * 3600 * 1000 / conversations}) {}

    static std::string phone_of(int conversation) {
        return fmt::format("79{:09}", static_cast<std::int64_t>(conversation) * 7919 % 1'000'000'000);
    }

    bool add_next(Batch& batch) {
        if (next_ == conversations_) return false;
        const int i = next_++;
        const bool is_in_second = channels_.size() > 1 && i % 99 == 7;
        const ChannelId channel = channels_[is_in_second ? 1 : 0].id;
        const auto conversation = make_id<ConversationId>();
        const auto contact = make_id<ContactId>();
        const auto identity = make_id<IdentityId>();
        const std::string phone = phone_of(i);
        batch.contacts.add(workspace_, contact, texts_.any() + " " + texts_.any());
        batch.identities.add(workspace_, identity, contact, channel);
        batch.addresses.add(workspace_, channel, std::string("phone"), storage::Blob{short_hash(phone)}, phone, 0,
                            identity);
        MessageId last;
        Timestamp at = from_ + i * step_;
        for (int n = 0; n < each_; ++n) {
            last = make_id<MessageId>();
            at += std::chrono::milliseconds(1);
            const std::string provider_id = fmt::format("wamid.filled{}.{}", i, n);
            batch.messages.add(workspace_, last, conversation, channel, std::string(), 0, std::string("text"),
                               text_of(i, n), std::string("{}"), std::string(), std::string(), std::string(),
                               provider_id, storage::Blob{short_hash(provider_id)}, 0, UserId{}, std::string(), 0, 0, 0,
                               at, at);
        }
        batch.conversations.add(workspace_, conversation, channel, identity, contact, at + std::chrono::hours(24),
                                i % 50 == 3, last, at, 0);
        if (i % 50 != 5) batch.readings.add(workspace_, reader_, conversation, at);
        return true;
    }

    // The first and the last can be told from the others: when both are found, the search index is made.
    std::string text_of(int conversation, int n) {
        const bool is_first = conversation == 0 && n == 0;
        const bool is_last = conversation == conversations_ - 1 && n == each_ - 1;
        return texts_.text() + (is_first ? " firstofall" : "") + (is_last ? " lastofall" : "");
    }

    int messages() const { return conversations_ * each_; }
    bench::Texts& texts() { return texts_; }

private:
    const WorkspaceId workspace_;
    const std::vector<Channel> channels_;
    const UserId reader_;
    const int conversations_;
    const int each_;  // messages of a conversation
    const Timestamp from_;
    const std::chrono::milliseconds step_;
    bench::Texts texts_;
    int next_ = 0;
};

void write(Store& store, const Store::Work& work) {
    std::promise<void> done;
    store.write([&](StoreSession& session) { work(session); },
                [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
}

int fill(const std::string& directory, const std::string& database, int conversations, int messages,
         const std::string& reader) {
    const storage::Storage storage =
        storage::open_storage({.directory = directory, .database = database == "files" ? "" : database});
    std::optional<Filling> filling;
    write(*storage.store, [&](StoreSession& session) {
        const auto user = session.user_by_email(reader);
        if (!user) throw std::runtime_error("there is no such reader");
        filling.emplace(user->workspace, session.in(user->workspace).channels(), user->id, conversations, messages);
    });
    const auto begin = std::chrono::steady_clock::now();
    constexpr int at_once = 10'000;
    for (bool is_more = true; is_more;) {
        Batch batch;
        for (int i = 0; i < at_once && is_more; ++i)
            is_more = filling->add_next(batch);
        write(*storage.store,
              [&](StoreSession& session) { batch.insert(static_cast<storage::SqlSession&>(session).sql()); });
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const bench::Texts& texts = filling->texts();
    fmt::print(
        R"({{"conversations":{},"messages":{},"seconds":{:.1f},"frequent_word":"{}","common_word":"{}","rare_word":"{}","prefix":"при","two_words":"{} {}","phone":"8{}"}})"
        "\n",
        conversations, filling->messages(), seconds, texts.word(0), texts.word(100), texts.word(29'000),
        texts.word(100), texts.word(110), Filling::phone_of(conversations / 2).substr(1));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6 || std::atoi(argv[3]) < 1 || std::atoi(argv[4]) < 1) {
        fmt::print(stderr, "usage: okno-fill DIRECTORY postgresql://...|files CONVERSATIONS MESSAGES READER\n");
        return 2;
    }
    try {
        return fill(argv[1], argv[2], std::atoi(argv[3]), std::atoi(argv[4]), argv[5]);
    } catch (const std::exception& reason) {
        fmt::print(stderr, "okno-fill: {}\n", reason.what());
        return 1;
    }
}
