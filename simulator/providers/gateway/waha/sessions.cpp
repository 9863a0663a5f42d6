#include "providers/gateway/waha/sessions.hpp"

#include "providers/gateway/events.hpp"
#include "providers/gateway/waha/objects.hpp"

namespace okno::sim::gateway::waha {

namespace {

void take_config(Session& session, const JsonView& body) {
    const json::value* config = body["config"].raw();
    if (config != nullptr && config->is_object()) session.config = config->get_object();
}

Answer create(Site& site, const Call& call) {
    const std::string name = call.view()["name"].text_or("default");
    if (site.world.sessions.contains(name))
        return std::unexpected(json_reply(
            422, {{"message", "Session '" + name + "' already exists. Use PUT to update it."}, {"statusCode", 422}}));
    Session& session = site.world.sessions[name];
    session.name = name;
    take_config(session, call.view());
    if (call.view()["start"].boolean().value_or(true)) start(site, session);
    return json_reply(201, session_object(session, false));
}

Answer list(const Site& site) {
    json::array out;
    for (const auto& [name, session] : site.world.sessions)
        out.push_back(session_object(session, true));
    return json_reply(200, std::move(out));
}

Answer act(Site& site, Session& session, const std::string& what) {
    if (what == "restart") restart(site, session);
    if (what == "start" && session.status == "STOPPED") start(site, session);
    if (what == "stop") enter(site, session, "STOPPED");
    if (what == "logout") {
        session.number.clear();
        enter(site, session, "STOPPED");
    }
    return json_reply(201, session_object(session, false));
}

}  // namespace

Answer answer_sessions(Site& site, const Call& call) {
    const bool is_get = call.request.method == "GET";
    if (call.parts.size() == 1) return is_get ? list(site) : create(site, call);
    const auto found = site.world.sessions.find(call.parts[1]);
    if (found == site.world.sessions.end()) return std::unexpected(no_such_session(call.parts[1]));
    Session& session = found->second;
    if (call.parts.size() == 2) {
        if (is_get) return json_reply(200, session_object(session, true));
        if (call.request.method == "DELETE") {
            site.world.sessions.erase(found);
            return json_reply(200, json::object());
        }
        take_config(session, call.view());
        if (session.status != "STOPPED") restart(site, session);
        return json_reply(200, session_object(session, false));
    }
    if (is_get && call.parts[2] == "me") return json_reply(200, session_object(session, true).at("me"));
    return act(site, session, call.parts[2]);
}

Answer answer_auth(Site&, Session& session, const Call& call) {
    if (session.status != "SCAN_QR_CODE")
        return std::unexpected(json_reply(
            422,
            {{"error", "Can get QR code only in SCAN_QR_CODE status. The current status is '" + session.status + "'"},
             {"statusCode", 422}}));
    if (call.parts[2] == "request-code") return json_reply(201, {{"code", "ABCD-EFGH"}});
    return json_reply(200, {{"value", "2@code-" + std::to_string(++session.codes) + "," + session.name}});
}

}  // namespace okno::sim::gateway::waha
