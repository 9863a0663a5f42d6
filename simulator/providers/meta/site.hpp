// What the parts of the provider share. Every function that takes a Site expects its lock to be held.
#pragma once

#include "core/core.hpp"
#include "providers/meta/world.hpp"

#include <mutex>

namespace okno::sim::meta {

struct Site {
    explicit Site(Core& of) : core(of) {}

    Timestamp now() const { return core.clock.now(); }
    // Monotonic milliseconds that follow the movable clock: for rates.
    std::int64_t pace_ms() const { return core.journal.elapsed() + core.clock.offset().count(); }

    Core& core;
    World world;
    std::mutex guard;
};

}  // namespace okno::sim::meta
