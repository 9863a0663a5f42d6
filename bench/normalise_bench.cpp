// How fast stored webhooks become conversations, alone: no server, no load beside it.
//
//   normalise_bench [webhooks, 20000] [people, 1000] [postgresql://... | a new directory, which is kept]
//
// A database of PostgreSQL is left as it is then.
#include "alone.hpp"
#include "app/apply_intake.hpp"
#include "messengers/registry.hpp"
#include "storage/open_storage.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

using namespace okno;
using namespace okno::bench;

namespace {

std::string webhook_body(int number, int people, std::int64_t seconds) {
    const std::int64_t phone = 79160000000 + number % people;
    return fmt::format(
        R"({{"object":"whatsapp_business_account","entry":[{{"id":"200","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"74950000001","phone_number_id":"100"}},"contacts":[{{"profile":{{"name":"Customer {0}"}},"wa_id":"{1}"}}],"messages":[{{"from":"{1}","id":"wamid.bench{2}","timestamp":"{3}","type":"text","text":{{"body":"message {2} of the benchmark"}}}}]}},"field":"messages"}}]}}]}})",
        number % people, phone, number, seconds);
}

void fill(Intake& intake, const Channel& channel, int webhooks, int people) {
    const Timestamp now = Clock::real_now();
    std::atomic<int> waiting = 0;
    for (int i = 0; i < webhooks; ++i) {
        while (waiting.load() > 4000)
            std::this_thread::yield();
        ++waiting;
        intake.append({0, channel.id, now, "", webhook_body(i, people, to_millis(now) / 1000), channel.workspace},
                      [&](std::exception_ptr) { --waiting; });
    }
    while (waiting.load() > 0)
        std::this_thread::yield();
}

}  // namespace

int main(int argc, char** argv) {
    const int webhooks = argc > 1 ? std::atoi(argv[1]) : 20'000;
    const int people = argc > 2 ? std::atoi(argv[2]) : 1'000;
    const std::string where = argc > 3 ? argv[3] : "";
    const bool is_database = where.starts_with("postgres");
    const TemporaryFolder folder;
    const storage::Storage storage =
        storage::open_storage({.directory = where.empty() || is_database ? folder.path() : std::filesystem::path(where),
                               .database = is_database ? where : ""});
    const Channel channel = benchmark_channel(*storage.store);
    if (storage.leases) own_everything(*storage.leases);
    fill(*storage.intake, channel, webhooks, people);
    IntakeWorker worker(*storage.store, *storage.intake, find_messenger);
    const auto start = std::chrono::steady_clock::now();
    const double processor = processor_seconds();
    int applied = 0;
    while (const int some = worker.run_once(webhooks_in_batch))
        applied += some;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (storage.leases) storage.leases->stop();
    fmt::print(R"({{"webhooks":{},"people":{},"per_second":{:.0f},"processor_us_each":{:.1f}}})"
               "\n",
               applied, people, applied / seconds, (processor_seconds() - processor) * 1e6 / applied);
    return 0;
}
