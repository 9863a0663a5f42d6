// The WhatsApp provider of the simulator: one lock around its world, three doors into it.
//
// `/sim/...` is the control API, `/media-files/...` Meta's file host, everything else the Graph API.
#pragma once

#include "core/core.hpp"
#include "providers/whatsapp/site.hpp"

namespace okno::sim::whatsapp {

class WhatsApp {
public:
    explicit WhatsApp(Core& core) : site_(core) {}
    // The timers must have stopped.
    ~WhatsApp() = default;

    void answer(net::ServerRequest request, net::Respond respond);
    // What `POST /sim/world` takes, or a document with it under `world`; throws when it is neither.
    void create(const std::string& world);

private:
    Site site_;
};

}  // namespace okno::sim::whatsapp
