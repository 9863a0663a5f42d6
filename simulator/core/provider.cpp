#include "core/provider.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"
#include "core/core.hpp"
#include "core/reading.hpp"

#include <algorithm>
#include <stdexcept>

namespace okno::sim {

namespace {

// Each named provider gets its member, the one without a name what is left. Empty, or what is wrong.
std::string share_out(Core& core, const Providers& providers, json::object world) {
    const json::object settings = object_at(world, "settings");
    world.erase("settings");
    for (Provider* provider : providers) {
        if (provider->name().empty() || !world.contains(provider->name())) continue;
        const std::string wrong = provider->create(object_at(world, provider->name()));
        if (!wrong.empty()) return std::string(provider->name()) + ": " + wrong;
        world.erase(provider->name());
    }
    for (Provider* provider : providers)
        if (provider->name().empty())
            if (std::string wrong = provider->create(world); !wrong.empty()) return wrong;
    const std::string wrong = core.settings.change(settings);
    return wrong.empty() ? wrong : "settings: " + wrong;
}

json::object show_world(const Core& core, const Providers& providers) {
    json::object out;
    for (Provider* provider : providers) {
        json::object shown = provider->show_world();
        if (!provider->name().empty())
            out[provider->name()] = std::move(shown);
        else
            for (const auto& [name, list] : shown)
                out[name] = list;
    }
    out["settings"] = core.settings.all();
    return out;
}

void reset(Core& core, const Providers& providers, bool keeps_world) {
    core.timers.clear();
    core.webhooks.clear();
    core.faults.clear();
    core.silence.clear();
    for (Provider* provider : providers)
        provider->reset(keeps_world);
    core.journal.clear();
}

bool is_settled(const Core& core, const Providers& providers) {
    return core.timers.is_idle() && core.webhooks.is_idle() &&
           std::ranges::all_of(providers, [](Provider* provider) { return provider->is_idle(); });
}

std::size_t release(const Providers& providers, std::size_t count, bool backwards) {
    std::size_t released = 0;
    for (Provider* provider : providers)
        if (count == 0 || released < count) released += provider->release(count == 0 ? 0 : count - released, backwards);
    return released;
}

}  // namespace

bool answer_for_all(Core& core, const Providers& providers, const net::ServerRequest& request,
                    const net::Respond& respond) {
    const std::string& path = request.path;
    const bool is_ours =
        path == "/sim/world" || path == "/sim/reset" || path == "/sim/settled" || path == "/sim/webhooks/release";
    if (!is_ours) return false;
    json::object body;
    if (request.method != "GET" && !request.body.empty()) {
        const Result<json::value> parsed = parse_json(request.body);
        if (!parsed || !parsed->is_object()) {
            respond(refusal(400, "The body is no JSON object."));
            return true;
        }
        body = parsed->get_object();
    }
    if (path == "/sim/settled") {
        respond(json_reply(200, {{"settled", is_settled(core, providers)}}));
    } else if (path == "/sim/world" && request.method == "GET") {
        respond(json_reply(200, show_world(core, providers)));
    } else if (path == "/sim/world") {
        const std::string wrong = share_out(core, providers, std::move(body));
        respond(wrong.empty() ? json_reply(200, {{"success", true}}) : refusal(400, wrong));
    } else if (path == "/sim/reset") {
        reset(core, providers, text_at(body, "keep") == "world");
        respond(json_reply(200, {{"success", true}}));
    } else {
        const auto count = static_cast<std::size_t>(std::max<std::int64_t>(0, number_at(body, "count")));
        respond(json_reply(200, {{"released", release(providers, count, flag_at(body, "reverse"))}}));
    }
    return true;
}

void create_world(Core& core, const Providers& providers, const std::string& document) {
    const Result<json::value> parsed = parse_json(document);
    if (!parsed || !parsed->is_object()) throw std::runtime_error("the world is no JSON object");
    // A demo's description holds the world beside other things.
    const json::value* inner = parsed->as_object().if_contains("world");
    const json::value& world = inner == nullptr ? *parsed : *inner;
    const std::string wrong = share_out(core, providers, world.as_object());
    if (!wrong.empty()) throw std::runtime_error("the world is wrong: " + wrong);
}

}  // namespace okno::sim
