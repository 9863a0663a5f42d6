#include "providers/gateway/evolution/instances.hpp"

#include "providers/gateway/events.hpp"
#include "providers/gateway/evolution/objects.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::gateway::evolution {

namespace {

constexpr std::array<std::string_view, 12> kEvents{
    "MESSAGES_UPSERT", "MESSAGES_UPDATE", "MESSAGES_EDITED", "MESSAGES_DELETE",   "SEND_MESSAGE",    "CALL",
    "QRCODE_UPDATED",  "CONTACTS_UPSERT", "CONTACTS_UPDATE", "CONNECTION_UPDATE", "PRESENCE_UPDATE", "LOGOUT_INSTANCE"};

// What is wrong with a webhook; empty: nothing.
std::string wrong_of(const JsonView& webhook) {
    const std::string url = webhook["url"].text_or("");
    if (!url.starts_with("http://") && !url.starts_with("https://")) return "Invalid \"url\" property";
    for (std::size_t i = 0; i < webhook["events"].size(); ++i) {
        const std::string event = webhook["events"].at(i).text_or("");
        if (std::ranges::find(kEvents, event) == kEvents.end()) return "instance is not one of enum values: " + event;
    }
    return {};
}

json::object object_at(const JsonView& place) {
    return place.raw() != nullptr && place.raw()->is_object() ? place.raw()->get_object() : json::object();
}

json::value shown_webhook(const Session& session) {
    if (session.webhook.empty()) return nullptr;
    json::object out = session.webhook;
    out["webhookByEvents"] = false;
    out["webhookBase64"] = false;
    return out;
}

std::string new_code(Session& session) { return "2@code-" + std::to_string(++session.codes) + "," + session.name; }

}  // namespace

Answer create_instance(Site& site, const Call& call) {
    const std::string name = call.view()["instanceName"].text_or("");
    if (name.empty()) return std::unexpected(lacks("instanceName"));
    if (call.view()["integration"].text_or("") != "WHATSAPP-BAILEYS")
        return std::unexpected(refused(400, "Invalid integration"));
    if (site.world.sessions.contains(name)) {
        json::array said;
        said.emplace_back("This name \"" + name + "\" is already in use.");
        return std::unexpected(refused(403, std::move(said)));
    }
    Session& session = site.world.sessions[name];
    session.name = name;
    session.webhook = object_at(call.view()["webhook"]);
    start(site, session);
    return json_reply(201, {{"instance", json::object{{"instanceName", name}, {"status", state_of(session)}}},
                            {"hash", "0197C0DE"},
                            {"qrcode", json::object{{"pairingCode", nullptr}, {"code", new_code(session)}}}});
}

Answer list_instances(Site& site, const Call& call) {
    const std::string_view wanted = call.request.query_value("instanceName");
    json::array out;
    for (const auto& [name, session] : site.world.sessions)
        if (wanted.empty() || wanted == name) out.push_back(instance_object(session));
    return json_reply(200, std::move(out));
}

Answer answer_instance(Site& site, Session& session, const Call& call) {
    if (call.what() == "restart") restart(site, session);
    const json::object state{{"instance", json::object{{"instanceName", session.name}, {"state", state_of(session)}}}};
    if (call.what() == "connectionState" || call.what() == "restart") return json_reply(200, state);
    if (call.what() == "connect") {
        if (session.status == "WORKING") return json_reply(200, state);
        if (session.status != "SCAN_QR_CODE") restart(site, session);
        return json_reply(200, {{"pairingCode", nullptr}, {"code", new_code(session)}, {"count", session.codes}});
    }
    if (call.what() == "logout" && call.request.method == "DELETE") {
        session.number.clear();
        enter(site, session, "SCAN_QR_CODE");
        return json_reply(200, {{"status", "SUCCESS"}, {"error", false}});
    }
    return std::unexpected(refused(404, json::array{json::string("Cannot " + call.request.method)}));
}

Answer answer_webhook(Session& session, const Call& call) {
    if (call.what() == "find") return json_reply(200, shown_webhook(session));
    const JsonView webhook = call.view()["webhook"];
    if (!webhook.is_there()) return std::unexpected(lacks("webhook"));
    if (const std::string wrong = wrong_of(webhook); !wrong.empty())
        return std::unexpected(refused(400, json::value(wrong)));
    session.webhook = object_at(webhook);
    return json_reply(201, shown_webhook(session));
}

}  // namespace okno::sim::gateway::evolution
