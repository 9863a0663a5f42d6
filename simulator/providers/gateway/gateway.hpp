// The gateway provider of the simulator (the APIs of WAHA, Green-API and Evolution API): one lock around its world.
//
// `/sim/gateway/...` is the control API, the rest are the gateways', over the same
// sessions and people.
#pragma once

#include "core/provider.hpp"
#include "providers/gateway/site.hpp"

namespace okno::sim::gateway {

class Gateway : public Provider {
public:
    explicit Gateway(Core& core) : site_(std::make_shared<Site>(core)) {}

    std::string_view name() const override { return "gateway"; }
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

}  // namespace okno::sim::gateway
