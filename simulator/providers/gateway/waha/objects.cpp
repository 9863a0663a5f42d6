#include "providers/gateway/waha/objects.hpp"

namespace okno::sim::gateway::waha {

namespace {

std::string_view ack_name(int ack) {
    switch (ack) {
        case -1: return "ERROR";
        case 0: return "PENDING";
        case 1: return "SERVER";
        case 2: return "DEVICE";
        case 3: return "READ";
        default: return "PLAYED";
    }
}

json::value media_of(const Message& message) {
    if (!message.file) return nullptr;
    // The gateway's own idea of its address, which is not ours.
    return json::object{
        {"url", "http://localhost:3000/api/files/" + message.file->link},
        {"mimetype", message.file->mime},
        {"filename", message.file->name.empty() ? json::value(nullptr) : json::value(message.file->name)},
        {"error", nullptr}};
}

json::object raw_of(const Person& person, const Message& message) {
    json::object key{{"id", message.id}, {"fromMe", message.is_from_account}};
    if (!person.lid.empty()) key["addressingMode"] = "lid";
    json::object out{{"key", std::move(key)}};
    if (!message.is_from_account) out["pushName"] = person.name;
    return out;
}

}  // namespace

std::string full_id(const Message& message, const Person& person) {
    return (message.is_from_account ? "true_" : "false_") + person.chat_id() + "_" + message.id;
}

std::string bare_id(std::string_view id) { return std::string(id.substr(id.rfind('_') + 1)); }

json::object message_object(Session& session, const Person& person, Message& message, bool has_source) {
    const std::string own = session.number + "@c.us";
    const bool is_ours = message.is_from_account;
    json::object out{
        {"id", full_id(message, person)},
        {"timestamp", std::chrono::floor<std::chrono::seconds>(message.at).time_since_epoch().count()},
        {"from", is_ours ? own : person.chat_id()},
        {"to", is_ours ? person.chat_id() : own},
        {"participant", nullptr},
        {"fromMe", is_ours},
        {"body", message.text},
        {"hasMedia", message.file.has_value()},
        {"media", media_of(message)},
        {"ack", message.ack},
        {"ackName", ack_name(message.ack)},
        {"vCards", message.vcards},
        {"location", message.location},
        {"replyTo", message.quoted.empty() ? json::value(nullptr) : json::value(json::object{{"id", message.quoted}})},
        {"_data", raw_of(person, message)}};
    if (has_source) out["source"] = message.is_by_api ? "api" : "app";
    return out;
}

json::object session_object(const Session& session, bool has_me) {
    json::object out{{"name", session.name}, {"status", session.status}, {"config", session.config}};
    if (!has_me) return out;
    out["presence"] = nullptr;
    out["timestamps"] = json::object{{"activity", nullptr}};
    out["me"] = session.number.empty() || session.status != "WORKING"
                    ? json::value(nullptr)
                    : json::value(json::object{{"id", session.number + "@c.us"}, {"pushName", session.name}});
    return out;
}

}  // namespace okno::sim::gateway::waha
