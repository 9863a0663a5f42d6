// The gateway provider of the simulator (WAHA's API): one lock around its world.
//
// `/sim/gateway/...` is the control API, `/api/...` the gateway's.
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
