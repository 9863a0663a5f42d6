// What the programs share that measure a part of Okno alone, without a server.
#pragma once

#include "app/ports/storage.hpp"
#include "domain/partition.hpp"
#include "storage/open_storage.hpp"

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <set>
#include <string>
#include <system_error>
#include <thread>

#include <sys/resource.h>
#include <unistd.h>

namespace okno::bench {

// A new folder, which is removed with all that is in it.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "okno-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
        path_ = name;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

inline void wait_for(const std::function<void(Store::Done)>& start) {
    std::promise<void> done;
    start([&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
}

inline Channel benchmark_channel(Store& store) {
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
                channel.settings = {{"phone_number_id", "100"}, {"waba_id", "200"}, {"messages_per_second", "1000000"}};
                channel.credentials["access_token"] = Secret("token");
                channel.state = ChannelState::connected;
                channel.created_at = Clock::real_now();
                session.in(channel.workspace).insert_channel(channel);
            },
            std::move(done));
    });
    return channel;
}

// Until every partition is this process's: before that the intake gives nothing out.
inline void own_everything(storage::Leases& leases) {
    leases.start([](const std::set<int>&) {}, [](int) { return false; });
    for (int partition = 0; partition < partition_count; ++partition)
        while (!leases.epoch_of(partition))
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

// Of the whole process; unlike the rate it does not depend on what else the machine does.
inline double processor_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace okno::bench
