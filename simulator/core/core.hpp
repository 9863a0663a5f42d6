// What every provider of the simulator stands on.
#pragma once

#include "base/time.hpp"
#include "core/faults.hpp"
#include "core/journal.hpp"
#include "core/settings.hpp"
#include "core/timers.hpp"
#include "core/webhook_sender.hpp"
#include "net/client.hpp"
#include "net/server.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace okno::sim {

// Keeps requests that shall never be answered, so that their connections stay open until the client gives up.
class Silence {
public:
    void keep(net::Respond respond);
    // Drops them: whoever still waits gets a 500.
    void clear();

private:
    std::mutex mutex_;
    std::vector<net::Respond> kept_;
};

struct Core {
    Core() = default;
    // First nothing fires any more, then the answers still to come mean nothing; the members may then go in any order.
    ~Core() {
        timers.stop();
        webhooks.clear();
    }
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    Clock clock;
    Settings settings;
    Journal journal;
    Faults faults;
    Silence silence;
    std::string public_url;  // without a slash at the end; known once the server listens
    std::string okno_url;    // what /demo shows beside the phone; may be empty
    Timers timers;
    WebhookSender webhooks{*this};
    net::Client client;
};

// `/sim/clock`, `/sim/faults`, `/sim/log`, `/sim/settings`: what knows no provider. False, and nothing answered, when
// the path is none of these.
bool answer_core(Core& core, const net::ServerRequest& request, const net::Respond& respond);

}  // namespace okno::sim
