// The bus of nodes that live in one process: those on the same line hear each other. A server alone has its own line,
// on which nobody listens.
#pragma once

#include "app/ports/bus.hpp"

#include <memory>
#include <mutex>
#include <set>

namespace okno::bus {

class InProcessBus;

// Joins buses; lives as long as one of them.
struct InProcessLine {
    std::recursive_mutex mutex;  // a listener may publish in turn
    std::set<InProcessBus*> members;
};

class InProcessBus final : public Bus {
public:
    explicit InProcessBus(std::shared_ptr<InProcessLine> line = std::make_shared<InProcessLine>());
    ~InProcessBus() override;

    void publish(const Hint& hint) override;
    void subscribe(std::function<void(const Hint&)> listener) override;
    bool is_connected() const override { return true; }

private:
    std::shared_ptr<InProcessLine> line_;
    std::function<void(const Hint&)> listener_;
};

}  // namespace okno::bus
