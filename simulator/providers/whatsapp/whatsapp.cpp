#include "providers/whatsapp/whatsapp.hpp"

#include "providers/whatsapp/control.hpp"
#include "providers/whatsapp/control_objects.hpp"
#include "providers/whatsapp/graph.hpp"

namespace okno::sim::whatsapp {

void WhatsApp::answer(net::ServerRequest request, net::Respond respond) {
    if (request.path.starts_with("/sim/"))
        answer_control(site_, std::move(request), std::move(respond));
    else
        answer_graph(site_, std::move(request), std::move(respond));
}

std::string WhatsApp::create(const json::object& world) {
    const std::scoped_lock lock(site_.guard);
    return create_objects(site_, world);
}

json::object WhatsApp::show_world() {
    const std::scoped_lock lock(site_.guard);
    return whatsapp::show_world(site_);
}

void WhatsApp::reset(bool keeps_world) {
    const std::scoped_lock lock(site_.guard);
    reset_world(site_, keeps_world);
}

std::size_t WhatsApp::release(std::size_t count, bool backwards) {
    return site_.core.webhooks.release(count, backwards);
}

}  // namespace okno::sim::whatsapp
