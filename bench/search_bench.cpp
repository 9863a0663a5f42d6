// Search over many messages: how long the index takes to make, how large it is, and how long the newest 50 take.
//
//   search_bench [messages, 1000000] [directory, a new one that is removed]
#include "storage/open_storage.hpp"
#include "storage/search/search_index.hpp"
#include "texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>

#include <unistd.h>

using namespace okno;
using bench::Texts;

namespace {

using Steady = std::chrono::steady_clock;

double milliseconds_since(Steady::time_point start) {
    return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

void write(Store& store, const Store::Work& work) {
    std::promise<void> done;
    store.write([&](StoreSession& session) { work(session); },
                [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
}

struct Installation {
    WorkspaceId workspace;
    Channel channel;
    std::vector<ConversationId> conversations;
};

std::string phone_of(std::size_t contact) { return fmt::format("79{:09}", contact * 7919 % 1'000'000'000); }

Installation fill(Store& store, Texts& texts, int messages) {
    Installation made;
    made.channel.id = make_id<ChannelId>();
    made.channel.messenger = "whatsapp";
    made.channel.name = "Support";
    made.channel.address = "1";
    const auto contacts = static_cast<std::size_t>(std::max(10, messages / 50));
    const Timestamp now = from_millis(1'795'000'000'000);
    write(store, [&](StoreSession& session) {
        made.workspace = session.make_workspace("Bench", now);
        Transaction& tx = session.in(made.workspace);
        tx.insert_channel(made.channel);
        for (std::size_t i = 0; i < contacts; ++i) {
            Person person;
            person.name = texts.any() + " " + texts.any();
            person.addresses.push_back({"phone", phone_of(i), phone_of(i)});
            made.conversations.push_back(tx.conversation_of(made.channel.id, person, now).id);
        }
    });
    // A year, one message after the other.
    const auto step = std::chrono::milliseconds{365LL * 24 * 3600 * 1000 / messages};
    for (int done = 0; done < messages; done += 10'000)
        write(store, [&](StoreSession& session) {
            Transaction& tx = session.in(made.workspace);
            for (int i = done; i < std::min(done + 10'000, messages); ++i) {
                Message message;
                message.id = make_id<MessageId>();
                message.conversation = made.conversations[texts.number() % contacts];
                message.text = texts.text();
                message.direction = i % 3 == 0 ? Direction::outbound : Direction::inbound;
                if (i % 20 == 0) message.type = "image";
                if (i % 200 == 0)
                    message.text +=
                        " +7 (911) " + fmt::format("{:03}-{:02}-{:02}", i / 10'000 % 1000, i / 100 % 100, i % 100);
                message.position = message.created_at = now + i * step;
                tx.insert_message_if_new(made.channel.id, message);
            }
        });
    return made;
}

void measure(Search& search, const Installation& made, const std::string& name, const std::string& query) {
    constexpr int runs = 21;
    std::vector<double> times;
    std::size_t found = 0;
    for (int i = 0; i < runs; ++i) {
        const auto start = Steady::now();
        const auto page = search.find({made.workspace, query, {{"Support", made.channel.id}}, {}, 50});
        times.push_back(milliseconds_since(start));
        found = page ? page->hits.size() : 0;
    }
    const double first = times.front();
    std::ranges::sort(times);
    fmt::print("{:<44} {:>8} {:>10.2f} {:>10.2f} {:>10.2f}\n", name, found, first, times[runs / 2], times.back());
}

std::uintmax_t size_of(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    return error ? 0 : size;
}

}  // namespace

int main(int argc, char** argv) {
    const int messages = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    const bool is_kept = argc > 2;
    const std::filesystem::path directory =
        is_kept ? argv[2] : std::filesystem::temp_directory_path() / fmt::format("okno-search-bench-{}", ::getpid());
    storage::Storage storage = storage::open_storage({directory});
    Texts texts;
    auto start = Steady::now();
    const Installation made = fill(*storage.store, texts, messages);
    fmt::print("{} messages stored in {:.1f} s\n", messages, milliseconds_since(start) / 1000);

    start = Steady::now();
    storage::SearchIndex index(directory / "search.db", *storage.store);
    index.catch_up();
    const double seconds = milliseconds_since(start) / 1000;
    fmt::print("index made in {:.1f} s: {:.0f} messages/s, {} MB (okno.db {} MB)\n\n", seconds, messages / seconds,
               (size_of(directory / "search.db") + size_of(directory / "search.db-wal")) >> 20,
               size_of(directory / "okno.db") >> 20);

    fmt::print("{:<44} {:>8} {:>10} {:>10} {:>10}\n", "query, newest 50, ms", "found", "first", "median", "worst");
    measure(index, made, "the most frequent word", texts.word(0) + " ");
    measure(index, made, "a frequent word (1 %)", texts.word(100));
    measure(index, made, "a rare word", texts.word(29'000));
    measure(index, made, "a word that is nowhere", "трансцендентность");
    measure(index, made, "two frequent words", texts.word(0) + " " + texts.word(1));
    measure(index, made, "two words of 1 %", texts.word(100) + " " + texts.word(110));
    measure(index, made, "a frequent and a rare word", texts.word(0) + " " + texts.word(20'000));
    measure(
        index, made, "five words",
        fmt::format("{} {} {} {} {}", texts.word(3), texts.word(10), texts.word(20), texts.word(50), texts.word(80)));
    measure(index, made, "one letter", "п");
    measure(index, made, "two letters", "пр");
    measure(index, made, "three letters", "при");
    measure(index, made, "four letters", "прик");
    measure(index, made, "five letters", "прика");
    measure(index, made, "a frequent word and one letter", texts.word(0) + " п");
    measure(index, made, "a phrase of frequent words", fmt::format("\"{} {}\"", texts.word(0), texts.word(1)));
    measure(index, made, "a phrase of words of 1 %", fmt::format("\"{} {}\"", texts.word(100), texts.word(110)));
    measure(index, made, "a number of a contact", "8" + phone_of(777).substr(1));
    measure(index, made, "a number in a text", "8 911 000-02-00");
    measure(index, made, "seven digits, unfinished", "9 911 000");
    measure(index, made, "from: a number", "from:" + phone_of(777));
    measure(index, made, "from: a frequent name, a frequent word", "from:" + texts.word(0) + " " + texts.word(1));
    measure(index, made, "channel: and a frequent word", "channel:support " + texts.word(0));
    measure(index, made, "has:file and a word of 1 %", "has:file " + texts.word(100));
    measure(index, made, "a month", "after:2027-03-01 before:2027-04-01");
    measure(index, made, "a month and a frequent word", texts.word(0) + " after:2027-03-01 before:2027-04-01");

    start = Steady::now();
    constexpr int live = 20'000;
    for (int done = 0; done < live; done += 100)
        write(*storage.store, [&](StoreSession& session) {
            Transaction& tx = session.in(made.workspace);
            for (int i = 0; i < 100; ++i) {
                Message message;
                message.id = make_id<MessageId>();
                message.conversation = made.conversations[texts.number() % made.conversations.size()];
                message.text = texts.text();
                message.position = message.created_at = from_millis(1'827'000'000'000 + done + i);
                tx.insert_message_if_new(made.channel.id, message);
                tx.note_change("message", message.id.value());
            }
        });
    index.catch_up();
    fmt::print("\n{} new messages stored and indexed: {:.0f}/s\n", live, live / milliseconds_since(start) * 1000);
    measure(index, made, "afterwards: a frequent word (1 %)", texts.word(100));
    measure(index, made, "afterwards: two words of 1 %", texts.word(100) + " " + texts.word(110));
    measure(index, made, "afterwards: three letters", "при");
    index.stop();
    if (!is_kept) {
        storage = {};
        std::filesystem::remove_all(directory);
    }
}
