#include "providers/whatsapp/whatsapp.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"
#include "providers/whatsapp/control.hpp"
#include "providers/whatsapp/graph.hpp"

#include <stdexcept>

namespace okno::sim::whatsapp {

void WhatsApp::answer(net::ServerRequest request, net::Respond respond) {
    if (request.path.starts_with("/sim/"))
        answer_control(site_, std::move(request), std::move(respond));
    else
        answer_graph(site_, std::move(request), std::move(respond));
}

void WhatsApp::create(const std::string& world) {
    const Result<json::value> parsed = parse_json(world);
    if (!parsed || !parsed->is_object()) throw std::runtime_error("the world is no JSON object");
    const std::scoped_lock lock(site_.guard);
    // A demo's description holds the world beside other things.
    const json::value* inner = parsed->as_object().if_contains("world");
    const std::string wrong = create_world(site_, (inner == nullptr ? *parsed : *inner).as_object());
    if (!wrong.empty()) throw std::runtime_error("the world is wrong: " + wrong);
}

}  // namespace okno::sim::whatsapp
