#include "core/core.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"

#include <charconv>

namespace okno::sim {

void Silence::keep(net::Respond respond) {
    const std::scoped_lock lock(mutex_);
    kept_.push_back(std::move(respond));
}

void Silence::clear() {
    std::vector<net::Respond> dropped;
    const std::scoped_lock lock(mutex_);
    dropped.swap(kept_);
}

namespace {

std::int64_t whole_number(std::string_view text, std::int64_t otherwise) {
    std::int64_t number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

json::object clock_state(const Core& core) {
    return {{"offset_ms", core.clock.offset().count()}, {"now", to_rfc3339(core.clock.now())}};
}

net::ServerReply move_clock(Core& core, const json::object& wanted) {
    const std::int64_t now = core.clock.offset().count();
    std::int64_t target = now;
    if (const json::value* step = wanted.if_contains("advance_ms"); step != nullptr && step->is_int64())
        target = now + step->get_int64();
    else if (const json::value* offset = wanted.if_contains("offset_ms"); offset != nullptr && offset->is_int64())
        target = offset->get_int64();
    else
        return refusal(400, "Give advance_ms or offset_ms.");
    if (target < now) return refusal(400, "The clock goes forward only.");
    core.clock.move_forward(std::chrono::milliseconds(target - now));
    json::object state = clock_state(core);
    core.journal.write("clock", {{"offset_ms", target}});
    if (const std::string url = core.settings.clock_url(); !url.empty()) {
        HttpRequest told;
        told.method = "POST";
        told.url = url;
        told.headers.set("Content-Type", "application/json");
        told.body = json::serialize(state);
        told.timeout = std::chrono::seconds(5);
        told.allow_private_network = true;
        core.client.perform(std::move(told), [](const Result<HttpReply>&) {});
    }
    return json_reply(200, state);
}

net::ServerReply answer_faults(Core& core, const net::ServerRequest& request, const std::vector<std::string>& parts,
                               json::object body) {
    if (request.method == "POST") {
        const auto fault = core.faults.add(std::move(body));
        return fault ? json_reply(200, *fault) : refusal(400, "There is no fault of this kind.");
    }
    if (request.method == "DELETE") {
        if (parts.size() == 2)
            core.faults.clear();
        else if (!core.faults.remove(whole_number(parts[2], 0)))
            return refusal(404, "There is no such fault.");
        return json_reply(200, {{"success", true}});
    }
    return json_reply(200, {{"faults", core.faults.all()}});
}

}  // namespace

bool answer_core(Core& core, const net::ServerRequest& request, const net::Respond& respond) {
    const std::vector<std::string> parts = path_parts(request.path);
    if (parts.size() < 2 || parts[0] != "sim") return false;
    const std::string& what = parts[1];
    if (what != "clock" && what != "faults" && what != "log" && what != "settings") return false;

    json::object body;
    if (request.method != "GET" && !request.body.empty()) {
        const Result<json::value> parsed = parse_json(request.body);
        if (!parsed || !parsed->is_object()) {
            respond(refusal(400, "The body is no JSON object."));
            return true;
        }
        body = parsed->get_object();
    }
    if (what == "clock") {
        respond(request.method == "POST" ? move_clock(core, body) : json_reply(200, clock_state(core)));
    } else if (what == "faults") {
        respond(answer_faults(core, request, parts, std::move(body)));
    } else if (what == "log") {
        const std::int64_t after = whole_number(request.query_value("after"), 0);
        const auto limit = static_cast<std::size_t>(whole_number(request.query_value("limit"), 1000));
        respond(raw_json_reply(200, core.journal.read(after, limit, request.query_value("kind"))));
    } else {
        const std::string wrong = request.method == "GET" ? std::string() : core.settings.change(body);
        respond(wrong.empty() ? json_reply(200, core.settings.all()) : refusal(400, "Unknown or unfit: " + wrong));
    }
    return true;
}

}  // namespace okno::sim
