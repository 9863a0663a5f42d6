// Shares the partitions out between the nodes that are alive: each owns an even part for 10 s at a time, in the
// database's time, and renews it every 3 s. Whoever cannot renew stops taking work; who owns a partition after another
// has a higher epoch, so that the other can neither take nor note any more.
#pragma once

#include "app/ports/ownership.hpp"
#include "storage/postgres/connector.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <set>

namespace okno::storage {

struct LeaseTimes {
    std::chrono::milliseconds lease{10'000};
    std::chrono::milliseconds renew{3'000};
};

// What the other nodes are told of this one.
struct AboutNode {
    std::string place;          // machine and data directory: a later run there is the same node
    bool shares_files = false;  // files lie where the other nodes find them
};

class Leases final : public Ownership {
public:
    // `connector` must live as long. Owns nothing before `start`.
    explicit Leases(Connector& connector, LeaseTimes times = {}, AboutNode about = {});
    // Gives back what it owns, so that others need not wait for the leases to end.
    ~Leases() override;

    // Throws std::runtime_error when another node is alive and files are not shared with it.
    void check_files_are_shared();

    // Told on the leases' own thread, which must not wait: these partitions were taken over. `is_busy`, from the same
    // thread: something of the partition is on its way out; it is not handed on before that ended.
    using Taken = std::function<void(const std::set<int>& partitions)>;
    using IsBusy = std::function<bool(int partition)>;
    void start(Taken taken, IsBusy is_busy);
    // Ends the thread; what it owns stays owned until its time.
    void stop();

    const std::string& node() const override;
    std::optional<std::int64_t> epoch_of(int partition) const override;
    bool holds(int partition, std::int64_t epoch) const override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace okno::storage
