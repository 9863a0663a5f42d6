#include "providers/gateway/evolution/events.hpp"

#include "base/json.hpp"
#include "providers/gateway/events.hpp"
#include "providers/gateway/evolution/objects.hpp"
#include "providers/gateway/hooks.hpp"

#include <cctype>

namespace okno::sim::gateway::evolution {

namespace {

constexpr std::int64_t kAttempts = 10;

// "messages.upsert" as webhooks are asked for: "MESSAGES_UPSERT".
std::string asked_name(std::string_view event) {
    std::string out;
    for (const char c : event)
        out += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

bool wants(const JsonView& webhook, std::string_view event) {
    if (!webhook["enabled"].boolean().value_or(false)) return false;
    const std::string asked = asked_name(event);
    for (std::size_t i = 0; i < webhook["events"].size(); ++i)
        if (webhook["events"].at(i).text_or("") == asked) return true;
    return false;
}

void tell(Site& site, Session& session, const std::string& event, json::object data) {
    const json::value whole(session.webhook);
    const JsonView webhook(whole);
    if (!wants(webhook, event)) return;
    const json::object about{{"provider", "gateway"}, {"what", event}, {"session", session.name}};
    json::object body{{"event", event},
                      {"instance", session.name},
                      {"data", std::move(data)},
                      {"destination", webhook["url"].text_or("")},
                      {"date_time", to_rfc3339(site.now())},
                      {"server_url", "http://localhost:8080"},
                      {"apikey", site.world.api_key}};
    if (!session.number.empty()) body["sender"] = session.number + "@s.whatsapp.net";
    Hook hook{.url = webhook["url"].text_or(""), .attempts = kAttempts, .final_statuses = {400, 401, 403, 404, 422}};
    if (const json::value* headers = webhook["headers"].raw(); headers != nullptr && headers->is_object())
        for (const auto& [name, value] : headers->get_object())
            if (value.is_string()) hook.headers.emplace_back(name, value.get_string());
    post_to(site, hook, json::serialize(body), about);
}

}  // namespace

void tell_state(Site& site, Session& session) {
    if (session.status == "STOPPED") return;
    const bool is_scanned = session.status == "SCAN_QR_CODE";
    if (!is_scanned || session.statuses.size() > 1)
        tell(site, session, "connection.update",
             {{"instance", session.name},
              {"state", is_scanned ? "close" : state_of(session)},
              {"statusReason", reason_of(session)}});
    if (!is_scanned) return;
    tell(site, session, "qrcode.updated",
         {{"qrcode", json::object{{"instance", session.name},
                                  {"pairingCode", nullptr},
                                  {"code", "2@code-" + std::to_string(++session.codes) + "," + session.name}}}});
}

void tell_message(Site& site, Session& session, const Person& person, const Message& message) {
    if (session.webhook.empty()) return;
    tell(site, session, message.is_by_api ? "send.message" : "messages.upsert",
         message_object(session, person, message));
}

void tell_ack(Site& site, Session& session, const Person& person, const Message& message) {
    const std::string chat = person.chat_id("s.whatsapp.net");
    tell(site, session, "messages.update",
         {{"keyId", message.id},
          {"remoteJid", chat},
          {"fromMe", true},
          {"participant", chat},
          {"status", status_of(message.ack)}});
}

void tell_reaction(Site& site, Session& session, const Person& person, const Message& message) {
    Message reaction;
    reaction.id = new_id(site);
    reaction.at = site.now();
    json::object object = message_object(session, person, reaction);
    object["message"] = json::object{
        {"reactionMessage", json::object{{"key", key_of(person, message)}, {"text", message.emoji_of_person}}}};
    object["messageType"] = "reactionMessage";
    tell(site, session, "messages.upsert", std::move(object));
}

// The key is as its writer sees it.
void tell_edit(Site& site, Session& session, const Person& person, const Message& message) {
    json::object key = key_of(person, message);
    key["fromMe"] = true;
    tell(site, session, "messages.edited",
         {{"key", std::move(key)},
          {"type", "MESSAGE_EDIT"},
          {"editedMessage", json::object{{"conversation", message.text}}},
          {"timestampMs", std::to_string(to_millis(site.now()))}});
}

void tell_removal(Site& site, Session& session, const Person& person, const Message& message) {
    json::object data = key_of(person, message);
    data["status"] = "DELETED";
    tell(site, session, "messages.delete", std::move(data));
}

void tell_call(Site& site, Session& session, const Person& person, const std::string& id, bool is_video) {
    tell(site, session, "call",
         {{"id", id},
          {"chatId", person.chat_id("s.whatsapp.net")},
          {"from", person.chat_id("s.whatsapp.net")},
          {"date", to_rfc3339(site.now())},
          {"isVideo", is_video},
          {"isGroup", false},
          {"status", "offer"}});
}

}  // namespace okno::sim::gateway::evolution
