// The Telegram provider of the simulator: one lock around its world, two doors into it.
//
// `/sim/telegram/...` is the control API; `/bot<token>/...` and `/file/bot<token>/...` are the Bot API.
#pragma once

#include "core/provider.hpp"
#include "providers/telegram/site.hpp"

namespace okno::sim::telegram {

class Telegram : public Provider {
public:
    explicit Telegram(Core& core) : site_(core) {}
    // The timers of the core must have stopped.
    ~Telegram() override = default;

    std::string_view name() const override { return "telegram"; }
    bool owns(std::string_view path) const override;
    void answer(net::ServerRequest request, net::Respond respond) override;
    std::string create(const json::object& world) override;
    json::object show_world() override;
    void reset(bool keeps_world) override;
    bool is_idle() override;
    std::size_t release(std::size_t count, bool backwards) override;
    void close() override;

private:
    Site site_;
};

}  // namespace okno::sim::telegram
