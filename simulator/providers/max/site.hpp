// What the parts of the MAX provider share. Every function that takes a Site expects its lock to be held.
#pragma once

#include "core/core.hpp"
#include "providers/max/world.hpp"

#include <memory>
#include <mutex>

namespace okno::sim::max {

// Shared, since answers to its calls may come when it is gone.
struct Site : std::enable_shared_from_this<Site> {
    explicit Site(Core& of) : core(of) {}

    Timestamp now() const { return core.clock.now(); }
    // Monotonic milliseconds that follow the movable clock: for rates.
    std::int64_t pace_ms() const { return core.journal.elapsed() + core.clock.offset().count(); }
    std::string address_of(std::string_view link) const { return core.public_url + "/max/files/" + std::string(link); }

    Core& core;
    World world;
    std::mutex guard;
    bool is_closing = false;  // nobody is kept waiting any more
    std::int64_t posts_under_way = 0;
    std::uint64_t generation = 0;  // a reset makes answers and repetitions of earlier posts meaningless
};

}  // namespace okno::sim::max
