// What the parts of the WhatsApp provider share. Every function that takes a Site expects its lock to be held.
#pragma once

#include "core/core.hpp"
#include "providers/whatsapp/world.hpp"

#include <chrono>
#include <functional>
#include <mutex>

namespace okno::sim::whatsapp {

struct Site {
    explicit Site(Core& of) : core(of) {}

    Timestamp now() const { return core.clock.now(); }
    // Monotonic milliseconds that follow the movable clock: for rates.
    std::int64_t pace_ms() const { return core.journal.elapsed() + core.clock.offset().count(); }

    // Runs `task` later, with the lock held.
    void later(std::chrono::milliseconds pause, std::function<void(Site&)> task) {
        core.timers.after(pause, [this, task = std::move(task)] {
            const std::scoped_lock lock(guard);
            task(*this);
        });
    }
    void later(std::string_view setting, std::function<void(Site&)> task) {
        later(std::chrono::milliseconds(core.settings.get(setting)), std::move(task));
    }

    Core& core;
    World world;
    std::mutex guard;
};

inline std::string unix_text(Timestamp time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

}  // namespace okno::sim::whatsapp
