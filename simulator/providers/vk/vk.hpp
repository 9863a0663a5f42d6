// The VK provider of the simulator: one lock around its world.
//
// `/sim/vk/...` is the control API, `/method/...` VK's API, `/vk-up`, `/vk-files`, `/vk-docs` and `/vk-lp` its other
// hosts.
#pragma once

#include "core/core.hpp"
#include "providers/vk/site.hpp"

namespace okno::sim::vk {

class Vk {
public:
    explicit Vk(Core& core) : site_(std::make_shared<Site>(core)) {}

    // False, and nothing answered, when the path is none of VK's.
    bool answer(const net::ServerRequest& request, const net::Respond& respond);
    // Lets go of whoever waits for events; before the server stops.
    void close();

private:
    std::shared_ptr<Site> site_;
};

}  // namespace okno::sim::vk
