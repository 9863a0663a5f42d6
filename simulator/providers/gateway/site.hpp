// What the parts of the gateway provider share. Every function that takes a Site expects its lock to be held.
#pragma once

#include "core/core.hpp"
#include "providers/gateway/world.hpp"

#include <memory>
#include <mutex>

namespace okno::sim::gateway {

// Shared, since answers to its calls may come when it is gone.
struct Site : std::enable_shared_from_this<Site> {
    explicit Site(Core& of) : core(of) {}

    Timestamp now() const { return core.clock.now(); }
    std::int64_t now_seconds() const {
        return std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch()).count();
    }

    Core& core;
    World world;
    std::mutex guard;
    std::int64_t posts_under_way = 0;
    std::uint64_t generation = 0;  // a reset makes answers and repetitions of earlier posts meaningless
};

}  // namespace okno::sim::gateway
