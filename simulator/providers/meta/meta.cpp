#include "providers/meta/meta.hpp"

#include "core/answer.hpp"
#include "providers/meta/control.hpp"
#include "providers/meta/graph.hpp"
#include "providers/meta/uploads.hpp"

namespace okno::sim::meta {

bool Meta::owns(std::string_view path) const {
    if (path.starts_with("/sim/meta/") || path.starts_with("/meta-files/")) return true;
    const std::scoped_lock lock(site_.guard);
    return owns_node(site_, path);
}

void Meta::answer(net::ServerRequest request, net::Respond respond) {
    if (request.path.starts_with("/sim/meta/")) return answer_control(site_, std::move(request), std::move(respond));
    if (!request.path.starts_with("/meta-files/")) return answer_graph(site_, std::move(request), std::move(respond));
    const std::vector<std::string> parts = path_parts(request.path);
    net::ServerReply reply;
    {
        const std::scoped_lock lock(site_.guard);
        reply = give_file(site_, parts.size() > 1 ? parts[1] : std::string());
    }
    respond(std::move(reply));
}

std::string Meta::create(const json::object& world) {
    const std::scoped_lock lock(site_.guard);
    return create_world(site_, world);
}

json::object Meta::show_world() {
    const std::scoped_lock lock(site_.guard);
    return meta::show_world(site_);
}

void Meta::reset(bool keeps_world) {
    const std::scoped_lock lock(site_.guard);
    meta::reset(site_, keeps_world);
}

}  // namespace okno::sim::meta
