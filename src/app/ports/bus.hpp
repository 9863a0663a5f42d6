// What the nodes of one installation tell each other so that the others look at once.
//
// Hints and no more: whoever hears one looks into the database, and looks there from time to time without one. A hint
// may be lost, doubled or late, and nothing becomes wrong, only later.
#pragma once

#include "domain/ids.hpp"

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace okno {

// Changes of these workspaces were committed: for pages, search and whatever follows the feed.
struct WorkspacesChanged {
    std::vector<WorkspaceId> workspaces;
};
// Something may be due in the outbox.
struct OutboxChanged {};
// A webhook was kept in the intake.
struct IntakeChanged {};
// A channel was connected, changed or disconnected: whoever knows channels by heart reads them anew.
struct ChannelsChanged {};
// Somebody signed out: the pages of that session are closed.
struct SessionEnded {
    std::string session_hash;  // bytes
};

using Hint = std::variant<WorkspacesChanged, OutboxChanged, IntakeChanged, ChannelsChanged, SessionEnded>;

class Bus {
public:
    virtual ~Bus() = default;

    // Tells the other nodes, never the own one; from any thread. Never blocks and never throws: while nobody can be
    // reached, and when too much waits, hints are dropped. Give it only what is committed.
    virtual void publish(const Hint& hint) = 0;
    // Who hears the others' hints, on a thread of the bus: it must not block. A later call replaces the listener; once
    // this returns the one before is not called any more. Empty: nothing is heard.
    virtual void subscribe(std::function<void(const Hint&)> listener) = 0;
    virtual bool is_connected() const = 0;
};

}  // namespace okno
