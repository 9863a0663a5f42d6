#include "providers/gateway/gateway.hpp"

#include "providers/gateway/control.hpp"
#include "providers/gateway/evolution/api.hpp"
#include "providers/gateway/green_api/api.hpp"
#include "providers/gateway/waha/api.hpp"

namespace okno::sim::gateway {

bool Gateway::owns(std::string_view path) const {
    return path.starts_with("/sim/gateway/") || waha::owns(path) || green_api::owns(path) || evolution::owns(path);
}

void Gateway::answer(net::ServerRequest request, net::Respond respond) {
    if (request.path.starts_with("/sim/")) return answer_control(*site_, std::move(request), std::move(respond));
    if (waha::owns(request.path)) return waha::answer_api(*site_, request, respond);
    if (green_api::owns(request.path)) return green_api::answer_api(*site_, request, respond);
    evolution::answer_api(*site_, request, respond);
}

std::string Gateway::create(const json::object& world) {
    const std::scoped_lock lock(site_->guard);
    return create_world(*site_, world);
}

json::object Gateway::show_world() {
    const std::scoped_lock lock(site_->guard);
    return gateway::show_world(*site_);
}

void Gateway::reset(bool keeps_world) {
    const std::scoped_lock lock(site_->guard);
    gateway::reset(*site_, keeps_world);
}

bool Gateway::is_idle() {
    const std::scoped_lock lock(site_->guard);
    return site_->posts_under_way == 0;
}

}  // namespace okno::sim::gateway
