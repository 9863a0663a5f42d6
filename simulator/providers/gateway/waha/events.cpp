#include "providers/gateway/waha/events.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "providers/gateway/events.hpp"
#include "providers/gateway/hooks.hpp"
#include "providers/gateway/waha/objects.hpp"

#include <sodium.h>

#include <array>

namespace okno::sim::gateway::waha {

namespace {

std::string signature_of(std::string_view key, std::string_view body) {
    const auto bytes = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
    crypto_auth_hmacsha512_state state;
    crypto_auth_hmacsha512_init(&state, bytes(key), key.size());
    crypto_auth_hmacsha512_update(&state, bytes(body), body.size());
    std::array<unsigned char, crypto_auth_hmacsha512_BYTES> out{};
    crypto_auth_hmacsha512_final(&state, out.data());
    return to_hex(out.data(), out.size());
}

Hook hook_of(Site& site, const JsonView& webhook, const std::string& body) {
    Hook hook{.url = webhook["url"].text_or("")};
    if (const std::string key = webhook["hmac"]["key"].text_or(""); !key.empty()) {
        hook.headers.emplace_back("X-Webhook-Hmac", signature_of(key, body));
        hook.headers.emplace_back("X-Webhook-Hmac-Algorithm", "sha512");
    }
    hook.headers.emplace_back("X-Webhook-Timestamp", std::to_string(to_millis(site.now())));
    hook.headers.emplace_back("X-Webhook-Request-Id", random_token(12));
    hook.attempts = webhook["retries"]["attempts"].integer().value_or(15);
    return hook;
}

bool wants(const JsonView& webhook, std::string_view event) {
    for (std::size_t i = 0; i < webhook["events"].size(); ++i) {
        const std::string one = webhook["events"].at(i).text_or("");
        if (one == event || one == "*") return true;
    }
    return false;
}

// Events about a message of the chat.
json::object about(Session& session, const Person& person, const Message& message) {
    return {{"id", "false_" + person.chat_id() + "_" + message.id},
            {"timestamp", seconds_of(message.at)},
            {"from", person.chat_id()},
            {"to", session.number + "@c.us"},
            {"participant", nullptr},
            {"fromMe", false},
            {"source", "app"}};
}

}  // namespace

void tell(Site& site, Session& session, const std::string& event, const json::object& payload) {
    const std::string id = "evt_" + random_token(12);
    const json::value me =
        session.number.empty()
            ? json::value(nullptr)
            : json::value(json::object{{"id", session.number + "@c.us"}, {"pushName", session.name}});
    const std::string body = json::serialize(json::object{{"id", id},
                                                          {"timestamp", to_millis(site.now())},
                                                          {"event", event},
                                                          {"session", session.name},
                                                          {"metadata", json::object()},
                                                          {"engine", session.engine},
                                                          {"me", me},
                                                          {"payload", payload}});
    const json::object known{{"provider", "gateway"}, {"what", event}, {"session", session.name}, {"id", id}};
    const json::value config(session.config);
    const JsonView webhooks = JsonView(config)["webhooks"];
    for (std::size_t i = 0; i < webhooks.size(); ++i)
        if (wants(webhooks.at(i), event)) post_to(site, hook_of(site, webhooks.at(i), body), body, known);
}

void tell_state(Site& site, Session& session) {
    json::array statuses;
    for (const auto& [name, at] : session.statuses)
        statuses.push_back(json::object{{"status", name}, {"timestamp", to_millis(at)}});
    tell(site, session, "session.status",
         {{"name", session.name}, {"status", session.status}, {"statuses", std::move(statuses)}, {"data", nullptr}});
}

void tell_message(Site& site, Session& session, const Person& person, Message& message) {
    const json::object object = message_object(session, person, message, true);
    if (!message.is_from_account) tell(site, session, "message", object);
    tell(site, session, "message.any", object);
}

void tell_ack(Site& site, Session& session, const Person& person, Message& message) {
    const json::object whole = message_object(session, person, message, false);
    tell(site, session, "message.ack",
         {{"id", whole.at("id")},
          {"from", whole.at("from")},
          {"to", whole.at("to")},
          {"participant", nullptr},
          {"fromMe", true},
          {"ack", message.ack},
          {"ackName", whole.at("ackName")}});
}

void tell_reaction(Site& site, Session& session, const Person& person, const Message& message) {
    json::object payload = about(session, person, message);
    payload["reaction"] = json::object{{"text", message.emoji_of_person}, {"messageId", full_id(message, person)}};
    tell(site, session, "message.reaction", payload);
}

void tell_edit(Site& site, Session& session, const Person& person, const Message& message) {
    json::object payload = about(session, person, message);
    payload["editedMessageId"] = message.id;
    payload["body"] = message.text;
    tell(site, session, "message.edited", payload);
}

void tell_removal(Site& site, Session& session, const Person& person, const Message& message) {
    tell(site, session, "message.revoked",
         {{"revokedMessageId", message.id}, {"before", about(session, person, message)}, {"after", nullptr}});
}

void tell_call(Site& site, Session& session, const Person& person, const std::string& id, bool is_video) {
    tell(site, session, "call.received",
         {{"id", id},
          {"from", person.chat_id()},
          {"timestamp", site.now_seconds()},
          {"isVideo", is_video},
          {"isGroup", false},
          {"_data", json::object()}});
}

}  // namespace okno::sim::gateway::waha
