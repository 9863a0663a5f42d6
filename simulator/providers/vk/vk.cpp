#include "providers/vk/vk.hpp"

#include "core/answer.hpp"
#include "providers/vk/api.hpp"
#include "providers/vk/control.hpp"
#include "providers/vk/events.hpp"
#include "providers/vk/uploads.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace okno::sim::vk {

bool Vk::owns(std::string_view path) const {
    return std::ranges::any_of(
        std::array<std::string_view, 6>{"/method/", "/sim/vk/", "/vk-lp/", "/vk-up/", "/vk-files/", "/vk-docs/"},
        [&](std::string_view begin) { return path.starts_with(begin); });
}

void Vk::answer(net::ServerRequest request, net::Respond respond) {
    if (request.path.starts_with("/method/")) return answer_api(*site_, request, respond);
    if (request.path.starts_with("/sim/vk/")) return answer_control(*site_, request, respond);
    const std::vector<std::string> parts = path_parts(request.path);
    if (parts.size() < 2) return respond(refusal(404, "There is no such address."));
    if (parts[0] == "vk-lp") return answer_long_poll(*site_, std::atoll(parts[1].c_str()), request, respond);
    net::ServerReply reply;
    {
        const std::scoped_lock lock(site_->guard);
        reply = parts[0] == "vk-up"      ? take_upload(*site_, parts[1], request)
                : parts[0] == "vk-files" ? give_file(*site_, parts[1])
                                         : lead_to_file(*site_, parts[1]);
    }
    respond(std::move(reply));
}

std::string Vk::create(const json::object& world) {
    const std::scoped_lock lock(site_->guard);
    return create_world(*site_, world);
}

json::object Vk::show_world() {
    const std::scoped_lock lock(site_->guard);
    return vk::show_world(*site_);
}

void Vk::reset(bool keeps_world) {
    const std::scoped_lock lock(site_->guard);
    vk::reset(*site_, keeps_world);
}

bool Vk::is_idle() {
    const std::scoped_lock lock(site_->guard);
    return site_->posts_under_way == 0;
}

void Vk::close() {
    const std::scoped_lock lock(site_->guard);
    site_->is_closing = true;
    for (auto& [id, group] : site_->world.groups)
        group.long_poll.waiters.clear();
}

}  // namespace okno::sim::vk
