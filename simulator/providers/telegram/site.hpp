// What the parts of the Telegram provider share. Every function that takes a Site expects its lock to be held.
#pragma once

#include "core/core.hpp"
#include "net/client.hpp"
#include "providers/telegram/world.hpp"

#include <functional>
#include <map>
#include <mutex>

namespace okno::sim::telegram {

// A getUpdates that waits for something to tell.
struct Poll {
    net::Respond respond;
    json::object entry;  // its line in the journal, written with the answer
    std::int64_t limit = 100;
    std::uint64_t number = 0;
};

struct Site {
    explicit Site(Core& of) : core(of) {}
    // Answers still under way find another generation and touch nothing.
    ~Site() {
        const std::scoped_lock lock(guard);
        ++generation;
    }
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    Timestamp now() const { return core.clock.now(); }
    // Monotonic milliseconds that follow the movable clock: for rates.
    std::int64_t pace_ms() const { return core.journal.elapsed() + core.clock.offset().count(); }

    // Runs `task` later on these timers, with the lock held, unless the world was reset meanwhile.
    void later(Timers& timers, std::chrono::milliseconds pause, std::function<void(Site&)> task) {
        timers.after(pause, [this, of = generation, task = std::move(task)] {
            const std::scoped_lock lock(guard);
            if (of == generation) task(*this);
        });
    }

    Core& core;
    World world;
    std::mutex guard;
    std::uint64_t generation = 0;
    std::map<std::int64_t, Poll> polls;  // by bot
    std::uint64_t last_poll = 0;
    bool is_closing = false;             // nobody is kept waiting any more
    std::int64_t doubles_in_flight = 0;  // second copies of an update, which hold no place in its queue
    Timers deadlines;                    // of polls: an empty wait does not keep the simulator from being settled
    net::Client client;                  // goes first: its last answers still find everything else
};

}  // namespace okno::sim::telegram
