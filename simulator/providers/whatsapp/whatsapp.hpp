// The WhatsApp provider of the simulator: one lock around its world, three doors into it.
//
// `/sim/...` is the control API, `/media-files/...` Meta's file host, everything else the Graph API.
#pragma once

#include "core/core.hpp"
#include "core/provider.hpp"
#include "providers/whatsapp/site.hpp"

namespace okno::sim::whatsapp {

class WhatsApp : public Provider {
public:
    explicit WhatsApp(Core& core) : site_(core) {}
    // The timers must have stopped.
    ~WhatsApp() override = default;

    std::string_view name() const override { return {}; }
    // Everything that is nobody else's: the Graph API has no prefix.
    bool owns(std::string_view) const override { return true; }
    void answer(net::ServerRequest request, net::Respond respond) override;
    std::string create(const json::object& world) override;
    json::object show_world() override;
    void reset(bool keeps_world) override;
    bool is_idle() override { return true; }
    std::size_t release(std::size_t count, bool backwards) override;

private:
    Site site_;
};

}  // namespace okno::sim::whatsapp
