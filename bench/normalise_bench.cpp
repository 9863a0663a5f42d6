// How fast stored webhooks become conversations, alone: no server, no load beside it.
//
//   normalise_bench [webhooks, 20000] [people, 1000] [postgresql://... | directory, a new one that is removed]
//
// A database of PostgreSQL is left as it is then.
#include "app/apply_intake.hpp"
#include "domain/partition.hpp"
#include "messengers/registry.hpp"
#include "storage/open_storage.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <set>
#include <thread>

#include <sys/resource.h>
#include <unistd.h>

using namespace okno;

namespace {

std::string webhook_body(int number, int people, std::int64_t seconds) {
    const std::int64_t phone = 79160000000 + number % people;
    return fmt::format(
        R"({{"object":"whatsapp_business_account","entry":[{{"id":"200","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"74950000001","phone_number_id":"100"}},"contacts":[{{"profile":{{"name":"Customer {0}"}},"wa_id":"{1}"}}],"messages":[{{"from":"{1}","id":"wamid.bench{2}","timestamp":"{3}","type":"text","text":{{"body":"message {2} of the benchmark"}}}}]}},"field":"messages"}}]}}]}})",
        number % people, phone, number, seconds);
}

void wait_for(const std::function<void(Store::Done)>& start) {
    std::promise<void> done;
    start([&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
}

Channel benchmark_channel(Store& store) {
    Channel channel;
    wait_for([&](Store::Done done) {
        store.write(
            [&](StoreSession& session) {
                channel.id = make_id<ChannelId>();
                channel.workspace = session.make_workspace("Benchmark", Clock::real_now());
                channel.messenger = "whatsapp";
                channel.name = "Support";
                channel.address = "100";
                channel.key = "benchmark";
                channel.created_at = Clock::real_now();
                session.in(channel.workspace).insert_channel(channel);
            },
            std::move(done));
    });
    return channel;
}

// Until every partition is this process's: before that the intake gives nothing out.
void own_everything(storage::Leases& leases) {
    leases.start([](const std::set<int>&) {}, [](int) { return false; });
    for (int partition = 0; partition < partition_count; ++partition)
        while (!leases.epoch_of(partition))
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
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

// Of the whole process; unlike the rate it does not depend on what else the machine does.
double processor_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
    const int webhooks = argc > 1 ? std::atoi(argv[1]) : 20'000;
    const int people = argc > 2 ? std::atoi(argv[2]) : 1'000;
    const std::string where = argc > 3 ? argv[3] : "";
    const bool is_database = where.starts_with("postgres");
    const bool is_kept = !where.empty() && !is_database;
    std::string name = (std::filesystem::temp_directory_path() / "okno-bench-XXXXXX").string();
    const std::filesystem::path directory = is_kept ? where : ::mkdtemp(name.data());
    {
        const storage::Storage storage =
            storage::open_storage({.directory = directory, .database = is_database ? where : ""});
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
    }
    if (!is_kept) std::filesystem::remove_all(directory);
    return 0;
}
