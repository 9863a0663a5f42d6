#include "providers/vk/vk.hpp"

#include "core/answer.hpp"
#include "providers/vk/api.hpp"
#include "providers/vk/control.hpp"
#include "providers/vk/events.hpp"
#include "providers/vk/uploads.hpp"

#include <cstdlib>

namespace okno::sim::vk {

bool Vk::answer(const net::ServerRequest& request, const net::Respond& respond) {
    if (request.path.starts_with("/method/")) {
        answer_api(*site_, request, respond);
        return true;
    }
    const std::vector<std::string> parts = path_parts(request.path);
    if (parts.size() < 2) return false;
    if (parts[0] == "sim" && parts[1] == "vk") {
        answer_control(*site_, request, respond);
        return true;
    }
    if (parts[0] == "vk-lp") {
        answer_long_poll(*site_, std::atoll(parts[1].c_str()), request, respond);
        return true;
    }
    if (parts[0] != "vk-up" && parts[0] != "vk-files" && parts[0] != "vk-docs") return false;
    net::ServerReply reply;
    {
        const std::scoped_lock lock(site_->guard);
        reply = parts[0] == "vk-up"      ? take_upload(*site_, parts[1], request)
                : parts[0] == "vk-files" ? give_file(*site_, parts[1])
                                         : lead_to_file(*site_, parts[1]);
    }
    respond(std::move(reply));
    return true;
}

void Vk::close() {
    const std::scoped_lock lock(site_->guard);
    site_->is_closing = true;
    for (auto& [id, group] : site_->world.groups)
        group.long_poll.waiters.clear();
}

}  // namespace okno::sim::vk
