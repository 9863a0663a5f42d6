#include "providers/gateway/green_api/events.hpp"

#include "base/json.hpp"
#include "providers/gateway/events.hpp"
#include "providers/gateway/green_api/objects.hpp"
#include "providers/gateway/hooks.hpp"

#include <charconv>

namespace okno::sim::gateway::green_api {

namespace {

constexpr std::int64_t kAttempts = 5;

json::object instance_of(const Session& session) {
    std::int64_t id = 0;
    std::from_chars(session.name.data(), session.name.data() + session.name.size(), id);
    json::object out{{"idInstance", id}, {"typeInstance", "whatsapp"}};
    if (!session.number.empty()) out["wid"] = session.number + "@c.us";
    return out;
}

json::object sender_of(const Session& session, const Person& person, bool is_ours) {
    return {{"chatId", person.chat_id()},
            {"chatName", person.name},
            {"sender", is_ours ? session.number + "@c.us" : person.chat_id()},
            {"senderName", is_ours ? session.name : person.name}};
}

// `setting`: the one that asks for such webhooks; empty: none does.
void tell(Site& site, Session& session, const std::string& type, std::string_view setting, json::object more) {
    const json::value whole(session.settings);
    const JsonView settings(whole);
    const std::string url = settings["webhookUrl"].text_or("");
    if (url.empty() || (!setting.empty() && settings[setting].text_or("no") != "yes")) return;
    json::object body{{"typeWebhook", type}, {"instanceData", instance_of(session)}};
    if (!more.contains("timestamp")) body["timestamp"] = site.now_seconds();
    const json::value* id = more.if_contains("idMessage");
    const json::object about{{"provider", "gateway"},
                             {"what", type},
                             {"session", session.name},
                             {"id", id != nullptr ? *id : json::value("")}};
    for (auto& [name, value] : more)
        body[name] = std::move(value);
    Hook hook{.url = url, .attempts = kAttempts};
    if (const std::string token = settings["webhookUrlToken"].text_or(""); !token.empty())
        hook.headers.emplace_back("Authorization", "Bearer " + token);
    post_to(site, hook, json::serialize(body), about);
}

// A message about a message, under an id of its own.
void tell_change(Site& site, Session& session, const Person& person, std::string_view setting, json::object data) {
    tell(site, session, "incomingMessageReceived", setting,
         {{"idMessage", new_id(site)},
          {"senderData", sender_of(session, person, false)},
          {"messageData", std::move(data)}});
}

void tell_status(Site& site, Session& session, const std::string& chat, const std::string& id,
                 std::string_view status) {
    // Failures are told whatever the settings say.
    const bool is_asked_for = status == "sent" || status == "delivered" || status == "read";
    tell(site, session, "outgoingMessageStatus", is_asked_for ? "outgoingWebhook" : "",
         {{"chatId", chat}, {"idMessage", id}, {"status", status}, {"sendByApi", true}});
}

}  // namespace

std::string_view state_of(const Session& session) {
    if (session.status == "WORKING") return "authorized";
    if (session.status == "STARTING") return "starting";
    if (session.status == "LIMITED") return "yellowCard";
    if (session.status == "FAILED") return session.is_banned ? "blocked" : "sleepMode";
    return "notAuthorized";
}

std::string_view status_of(const Session& session, const Person& person, const Message& message) {
    switch (message.ack) {
        case 0: return {};
        case 1: return "sent";
        case 2: return "delivered";
        case -1: break;
        default: return "read";
    }
    if (!person.has_whatsapp) return "noAccount";
    return session.status == "LIMITED" ? "yellowCard" : "failed";
}

void tell_state(Site& site, Session& session) {
    if (session.status == "STOPPED") return;  // there is no such state
    tell(site, session, "stateInstanceChanged", "stateWebhook", {{"stateInstance", state_of(session)}});
}

void tell_message(Site& site, Session& session, const Person& person, Message& message) {
    const bool is_ours = message.is_from_account;
    const char* type = !is_ours            ? "incomingMessageReceived"
                       : message.is_by_api ? "outgoingAPIMessageReceived"
                                           : "outgoingMessageReceived";
    const char* setting = !is_ours            ? "incomingWebhook"
                          : message.is_by_api ? "outgoingAPIMessageWebhook"
                                              : "outgoingMessageWebhook";
    if (session.settings.empty()) return;
    tell(site, session, type, setting,
         {{"timestamp", seconds_of(message.at)},
          {"idMessage", message.id},
          {"senderData", sender_of(session, person, is_ours)},
          {"messageData", data_of(site, session.chats[person.number], message)}});
}

void tell_ack(Site& site, Session& session, const Person& person, const Message& message) {
    tell_status(site, session, person.chat_id(), message.id, status_of(session, person, message));
}

void tell_no_account(Site& site, Session& session, const std::string& chat, const std::string& id) {
    tell_status(site, session, chat, id, "noAccount");
}

void tell_reaction(Site& site, Session& session, const Person& person, const Message& message) {
    tell_change(site, session, person, "incomingWebhook",
                {{"typeMessage", "reactionMessage"},
                 {"extendedTextMessageData", json::object{{"text", message.emoji_of_person}}},
                 {"quotedMessage", json::object{{"stanzaId", message.id}}}});
}

void tell_edit(Site& site, Session& session, const Person& person, const Message& message) {
    tell_change(site, session, person, "editedMessageWebhook",
                {{"typeMessage", "editedMessage"},
                 {"editedMessageData", json::object{{"textMessage", message.text}, {"stanzaId", message.id}}}});
}

void tell_removal(Site& site, Session& session, const Person& person, const Message& message) {
    tell_change(site, session, person, "deletedMessageWebhook",
                {{"typeMessage", "deletedMessage"}, {"deletedMessageData", json::object{{"stanzaId", message.id}}}});
}

void tell_call(Site& site, Session& session, const Person& person, const std::string& id) {
    tell(site, session, "incomingCall", "incomingCallWebhook",
         {{"idMessage", id}, {"from", person.chat_id()}, {"status", "offer"}});
}

}  // namespace okno::sim::gateway::green_api
