#include "providers/max/max.hpp"

#include "core/answer.hpp"
#include "providers/max/api.hpp"
#include "providers/max/control.hpp"
#include "providers/max/uploads.hpp"

namespace okno::sim::max {

bool Max::owns(std::string_view path) const { return path.starts_with("/max/") || path.starts_with("/sim/max/"); }

void Max::answer(net::ServerRequest request, net::Respond respond) {
    if (request.path.starts_with("/sim/max/")) return answer_control(*site_, request, respond);
    const std::vector<std::string> parts = path_parts(request.path);
    const bool is_file = parts.size() == 3 && (parts[1] == "files" || parts[1] == "upload");
    if (!is_file) return answer_api(*site_, request, respond);
    net::ServerReply reply;
    {
        const std::scoped_lock lock(site_->guard);
        reply = parts[1] == "files" ? give_file(*site_, parts[2]) : take_upload(*site_, parts[2], request);
    }
    respond(std::move(reply));
}

std::string Max::create(const json::object& world) {
    const std::scoped_lock lock(site_->guard);
    return create_world(*site_, world);
}

json::object Max::show_world() {
    const std::scoped_lock lock(site_->guard);
    return max::show_world(*site_);
}

void Max::reset(bool keeps_world) {
    const std::scoped_lock lock(site_->guard);
    max::reset(*site_, keeps_world);
}

bool Max::is_idle() {
    const std::scoped_lock lock(site_->guard);
    return site_->posts_under_way == 0;
}

void Max::close() {
    const std::scoped_lock lock(site_->guard);
    site_->is_closing = true;
    for (auto& [id, bot] : site_->world.bots)
        bot.waiters.clear();
}

}  // namespace okno::sim::max
