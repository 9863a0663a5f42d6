// The provider of Messenger and Instagram: one lock around its world.
//
// `/sim/meta/...` is the control API, `/v26.0/<account or person>/...` the Graph API, `/meta-files` the host of files.
#pragma once

#include "core/provider.hpp"
#include "providers/meta/site.hpp"

namespace okno::sim::meta {

class Meta : public Provider {
public:
    explicit Meta(Core& core) : site_(core) {}

    std::string_view name() const override { return "meta"; }
    bool owns(std::string_view path) const override;
    void answer(net::ServerRequest request, net::Respond respond) override;
    std::string create(const json::object& world) override;
    json::object show_world() override;
    void reset(bool keeps_world) override;
    bool is_idle() override { return true; }  // its webhooks are the shared ones
    std::size_t release(std::size_t, bool) override { return 0; }

private:
    mutable Site site_;
};

}  // namespace okno::sim::meta
