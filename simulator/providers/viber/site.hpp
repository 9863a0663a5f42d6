// What the parts of the Viber provider share. Every function that takes a Site expects its lock to be held.
#pragma once

#include "core/core.hpp"
#include "providers/viber/world.hpp"

#include <memory>
#include <mutex>

namespace okno::sim::viber {

// Shared, since answers to its calls may come when it is gone.
struct Site : std::enable_shared_from_this<Site> {
    explicit Site(Core& of) : core(of) {}

    Timestamp now() const { return core.clock.now(); }

    Core& core;
    World world;
    std::mutex guard;
    std::int64_t under_way = 0;    // callbacks and fetches
    std::uint64_t generation = 0;  // a reset makes answers to what was under way meaningless
};

}  // namespace okno::sim::viber
