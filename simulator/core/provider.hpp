// A messenger's provider as the program sees it, and the control calls that concern all providers at once.
#pragma once

#include "net/server.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace okno::sim {

struct Core;

class Provider {
public:
    virtual ~Provider() = default;

    // Its member in a world, and its part of the control API's paths; empty for the one whose lists stand at the top.
    virtual std::string_view name() const = 0;
    // Whether the request is for its API, its files or its control API.
    virtual bool owns(std::string_view path) const = 0;
    virtual void answer(net::ServerRequest request, net::Respond respond) = 0;

    // Makes and changes what the world's lists say; empty, or what is wrong with them.
    virtual std::string create(const boost::json::object& world) = 0;
    virtual boost::json::object show_world() = 0;
    // Forgets messages and updates, and the rest of its world unless that is kept.
    virtual void reset(bool keeps_world) = 0;
    // No webhook of its own waits or is under way; timers and the shared webhooks are asked apart.
    virtual bool is_idle() = 0;
    // Sends the oldest held updates, all when `count` is 0; answers how many there were.
    virtual std::size_t release(std::size_t count, bool backwards) = 0;
    // Lets go of whoever waits for updates; before the server stops.
    virtual void close() {}
};

using Providers = std::vector<Provider*>;

// `/sim/world`, `/sim/reset`, `/sim/settled`, `/sim/webhooks/release`. False, and nothing answered, for other paths.
bool answer_for_all(Core& core, const Providers& providers, const net::ServerRequest& request,
                    const net::Respond& respond);

// What `POST /sim/world` takes, or a document with it under `world`; throws when it is neither.
void create_world(Core& core, const Providers& providers, const std::string& document);

}  // namespace okno::sim
