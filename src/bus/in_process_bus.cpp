#include "bus/in_process_bus.hpp"

namespace okno::bus {

InProcessBus::InProcessBus(std::shared_ptr<InProcessLine> line) : line_(std::move(line)) {
    const std::scoped_lock lock(line_->mutex);
    line_->members.insert(this);
}

InProcessBus::~InProcessBus() {
    const std::scoped_lock lock(line_->mutex);
    line_->members.erase(this);
}

void InProcessBus::publish(const Hint& hint) {
    const std::scoped_lock lock(line_->mutex);
    for (const InProcessBus* member : line_->members)
        if (member != this && member->listener_) member->listener_(hint);
}

void InProcessBus::subscribe(std::function<void(const Hint&)> listener) {
    const std::scoped_lock lock(line_->mutex);
    listener_ = std::move(listener);
}

}  // namespace okno::bus
