// The MAX provider of the simulator: one lock around its world.
//
// `/sim/max/...` is the control API, `/max/...` MAX's bot API with the addresses for files and uploads.
#pragma once

#include "core/provider.hpp"
#include "providers/max/site.hpp"

namespace okno::sim::max {

class Max : public Provider {
public:
    explicit Max(Core& core) : site_(std::make_shared<Site>(core)) {}

    std::string_view name() const override { return "max"; }
    bool owns(std::string_view path) const override;
    void answer(net::ServerRequest request, net::Respond respond) override;
    std::string create(const json::object& world) override;
    json::object show_world() override;
    void reset(bool keeps_world) override;
    bool is_idle() override;
    std::size_t release(std::size_t, bool) override { return 0; }  // nothing is held
    void close() override;

private:
    std::shared_ptr<Site> site_;
};

}  // namespace okno::sim::max
