// The Viber provider of the simulator: one lock around its world.
//
// `/sim/viber/...` is the control API, `/pa/...` Viber's API, `/viber-files` and `/viber-stickers` its other hosts.
#pragma once

#include "core/provider.hpp"
#include "providers/viber/site.hpp"

namespace okno::sim::viber {

class Viber : public Provider {
public:
    explicit Viber(Core& core) : site_(std::make_shared<Site>(core)) {}

    std::string_view name() const override { return "viber"; }
    bool owns(std::string_view path) const override;
    void answer(net::ServerRequest request, net::Respond respond) override;
    std::string create(const json::object& world) override;
    json::object show_world() override;
    void reset(bool keeps_world) override;
    bool is_idle() override;
    std::size_t release(std::size_t, bool) override { return 0; }  // nothing is held

private:
    std::shared_ptr<Site> site_;
};

}  // namespace okno::sim::viber
