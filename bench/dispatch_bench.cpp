// How fast queued messages leave, alone: no server beside it, and a provider that answers at once.
//
//   dispatch_bench [messages, 20000] [people, 2000] [postgresql://...]
//
// A database of PostgreSQL is left as it is then.
#include "alone.hpp"
#include "app/compose.hpp"
#include "messengers/registry.hpp"
#include "server/dispatch_loop.hpp"

#include <boost/asio/io_context.hpp>

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

using namespace okno;
using namespace okno::bench;

namespace {

// Takes every message at once.
class ReadyProvider final : public HttpTransport {
public:
    boost::asio::awaitable<Result<HttpReply>> perform(HttpRequest) override {
        HttpReply reply{.status = 200, .headers = {}, .body = {}};
        reply.body =
            fmt::format(R"({{"messaging_product":"whatsapp","messages":[{{"id":"wamid.bench{}"}}]}})", ++taken_);
        co_return reply;
    }
    int taken() const { return taken_; }

private:
    std::atomic<int> taken_ = 0;
};

class NoFiles final : public MediaFiles {
public:
    std::string incoming() const override { return {}; }
    std::string new_part() const override { return {}; }
    Result<StoredFile> adopt(const std::string&) const override { return none(); }
    std::optional<std::string> find(const std::string&) const override { return std::nullopt; }
    Result<std::string> fetch(const std::string&) const override { return none(); }
    Result<std::vector<std::string>> stored(int) const override { return none(); }
    Result<bool> remove(const std::string&, std::chrono::seconds) const override { return none(); }

private:
    static std::unexpected<Error> none() { return fail(ErrorKind::not_found, "not_found", "There are no files."); }
};

// Each person wrote a moment ago, and is answered in turn.
void queue(Store& store, const Channel& channel, int messages, int people) {
    constexpr int together = 500;
    const Messenger& messenger = *find_messenger(channel.messenger);
    const Timestamp now = Clock::real_now();
    for (int from = 0; from < messages; from += together)
        wait_for([&](Store::Done done) {
            store.write(
                [&, from](StoreSession& session) {
                    Transaction& tx = session.in(channel.workspace);
                    for (int i = from; i < std::min(messages, from + together); ++i) {
                        const std::string phone = std::to_string(79160000000 + i % people);
                        Conversation one = tx.conversation_of(channel.id, {{{"phone", phone, phone}}, "Customer"}, now);
                        one.window_closes_at = now + std::chrono::hours(24);
                        tx.save_conversation(one);
                        NewMessage wanted;
                        wanted.conversation = one.id;
                        wanted.client_id = std::to_string(i);
                        wanted.text = fmt::format("answer {} of the benchmark", i);
                        if (const auto made = compose(tx, messenger, wanted, now); !made)
                            throw std::runtime_error(made.error().detail);
                    }
                },
                std::move(done));
        });
}

void measure(storage::Storage& storage, int messages, int people) {
    const Channel channel = benchmark_channel(*storage.store);
    if (storage.leases) own_everything(*storage.leases);
    queue(*storage.store, channel, messages, people);
    boost::asio::io_context context;
    Clock clock;
    ReadyProvider provider;
    const NoFiles files;
    server::DispatchLoop loop(context.get_executor(), context.get_executor(), *storage.store, clock, find_messenger,
                              provider, files, storage.leases.get(),
                              [](WorkspaceId, const OutboundFile&) { return std::string(); });
    const auto start = std::chrono::steady_clock::now();
    const double processor = processor_seconds();
    loop.start();
    std::jthread rim([&] { context.run(); });
    while (provider.taken() < messages || loop.in_flight() > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double used = processor_seconds() - processor;
    context.stop();
    rim.join();
    if (storage.leases) storage.leases->stop();
    fmt::print(R"({{"messages":{},"people":{},"per_second":{:.0f},"processor_us_each":{:.1f}}})"
               "\n",
               messages, people, messages / seconds, used * 1e6 / messages);
}

}  // namespace

int main(int argc, char** argv) {
    const int messages = argc > 1 ? std::atoi(argv[1]) : 20'000;
    const int people = argc > 2 ? std::atoi(argv[2]) : 2'000;
    const TemporaryFolder folder;
    storage::Storage storage = storage::open_storage({.directory = folder.path(), .database = argc > 3 ? argv[3] : ""});
    measure(storage, messages, people);
    return 0;
}
