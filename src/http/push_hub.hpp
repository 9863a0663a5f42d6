// Pushes changes to the open pages: each watcher gets every change of its workspace after the number it has, in order.
//
// A hint after each commit wakes the hub; without hints `poll` reads every watched workspace, so that a lost hint
// costs two seconds and nothing else.
#pragma once

#include "app/apply_intake.hpp"
#include "app/ports/storage.hpp"
#include "base/time.hpp"
#include "net/server.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace okno::http {

struct Watcher {
    std::shared_ptr<net::WebSocketPeer> peer;
    User user;
    std::string session_hash;             // empty for an API token
    std::optional<std::int64_t> after{};  // the number it has; empty: only what is new
    bool is_greeted = false;
    std::optional<Timestamp> ends_at{};  // when its session ends by age, in real time
};

class PushHub {
public:
    PushHub(Store& store, Clock& clock, FindMessenger find, std::string public_url);

    void join(std::shared_ptr<Watcher> watcher);
    void leave(const std::shared_ptr<Watcher>& watcher);
    // After a commit that changed these workspaces; called on the writer's thread.
    void changed(const std::vector<WorkspaceId>& workspaces);
    // Looks at every watched workspace, and closes the pages whose session has ended by age with 4401.
    void poll();
    // Closes the pages of a session with 4401.
    void end_session(const std::string& session_hash);
    // Tells every page the server's time.
    void clock_moved();
    // Lets go of all peers; before the server that made them ends.
    void close();
    std::size_t watchers() const;

private:
    struct Feed {
        std::vector<std::shared_ptr<Watcher>> watchers;
        bool is_reading = false;
        bool is_stale = false;  // something changed while it was read
    };

    void end_old_sessions(Timestamp real_now);
    void pump(WorkspaceId workspace);
    // Sends a batch to each watcher; true when there may be more.
    bool send_changes(StoreSession& session, WorkspaceId workspace,
                      const std::vector<std::shared_ptr<Watcher>>& watchers);
    void greet(Watcher& watcher, std::int64_t oldest, std::int64_t last) const;

    Store& store_;
    Clock& clock_;
    FindMessenger find_;
    std::string public_url_;
    mutable std::mutex mutex_;
    std::map<WorkspaceId, Feed> feeds_;
};

}  // namespace okno::http
