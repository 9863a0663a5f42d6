#include "providers/gateway/evolution/objects.hpp"

#include "providers/gateway/events.hpp"

#include <array>
#include <cstdlib>

namespace okno::sim::gateway::evolution {

namespace {

constexpr const char* kHost = "s.whatsapp.net";

struct Kind {
    std::string_view type;
    std::string_view member;
};
constexpr std::array<Kind, 7> kKinds{{{"image", "imageMessage"},
                                      {"video", "videoMessage"},
                                      {"audio", "audioMessage"},
                                      {"document", "documentMessage"},
                                      {"sticker", "stickerMessage"},
                                      {"location", "locationMessage"},
                                      {"contact", "contactMessage"}}};

std::string_view member_of(const Message& message) {
    for (const Kind& kind : kKinds)
        if (kind.type == message.type) return kind.member;
    return message.quoted.empty() ? "conversation" : "extendedTextMessage";
}

// Its address leads to what only WhatsApp can read.
json::object file_of(const Message& message) {
    json::object out{{"url", "https://mmg.whatsapp.net/v/" + message.id + ".enc"}, {"mimetype", message.file->mime}};
    if (!message.text.empty()) out["caption"] = message.text;
    if (!message.file->name.empty()) out["fileName"] = message.file->name;
    if (message.type == "audio") out["ptt"] = true;
    return out;
}

double degrees(const json::object& place, std::string_view member) {
    const json::value& said = place.at(member);
    return said.is_string() ? std::strtod(said.get_string().c_str(), nullptr) : said.to_number<double>();
}

json::object place_of(const json::object& place) {
    json::object out{{"degreesLatitude", degrees(place, "latitude")},
                     {"degreesLongitude", degrees(place, "longitude")}};
    if (const json::value* name = place.if_contains("name"); name != nullptr && name->is_string()) out["name"] = *name;
    return out;
}

json::object content_of(const Message& message) {
    json::object out;
    const std::string_view member = member_of(message);
    if (member == "conversation") {
        out[member] = message.text;
        return out;
    }
    json::object part;
    if (message.file) part = file_of(message);
    if (message.type == "location") part = place_of(message.location.as_object());
    if (message.type == "contact") part = {{"displayName", "Oleg Gromov"}, {"vcard", message.vcards.at(0)}};
    if (member == "extendedTextMessage") part["text"] = message.text;
    if (!message.quoted.empty()) part["contextInfo"] = json::object{{"stanzaId", message.quoted}};
    out[member] = std::move(part);
    return out;
}

}  // namespace

json::object key_of(const Person& person, const Message& message) {
    json::object out{{"remoteJid", person.chat_id(kHost)}, {"fromMe", message.is_from_account}, {"id", message.id}};
    if (person.lid.empty()) return out;
    out["addressingMode"] = "lid";
    out["remoteJidAlt"] = person.number + "@" + kHost;
    return out;
}

json::object message_object(const Session& session, const Person& person, const Message& message) {
    return {{"key", key_of(person, message)},
            {"pushName", message.is_from_account ? session.name : person.name},
            {"status", message.is_from_account ? status_of(message.ack) : "DELIVERY_ACK"},
            {"message", content_of(message)},
            {"messageType", member_of(message)},
            {"messageTimestamp", seconds_of(message.at)},
            {"instanceId", "0197c0de-0000-7000-8000-0000000000aa"},
            {"source", message.is_by_api ? "web" : "android"}};
}

json::object instance_object(const Session& session) {
    const int reason = reason_of(session);
    const bool is_over = reason == 401 || reason == 402 || reason == 403;
    return {{"name", session.name},
            {"connectionStatus", state_of(session)},
            {"ownerJid", session.number.empty() ? json::value(nullptr) : json::value(session.number + "@" + kHost)},
            {"integration", "WHATSAPP-BAILEYS"},
            {"disconnectionReasonCode", is_over ? json::value(reason) : json::value(nullptr)}};
}

std::string_view state_of(const Session& session) {
    if (session.status == "WORKING") return "open";
    return session.status == "STARTING" || session.status == "SCAN_QR_CODE" ? "connecting" : "close";
}

int reason_of(const Session& session) {
    if (session.status == "LIMITED") return 402;
    if (session.status == "FAILED") return session.is_banned ? 403 : 428;
    return session.status == "SCAN_QR_CODE" ? 401 : 200;
}

std::string_view status_of(int ack) {
    switch (ack) {
        case -1: return "ERROR";
        case 0: return "PENDING";
        case 1: return "SERVER_ACK";
        case 2: return "DELIVERY_ACK";
        case 3: return "READ";
        default: return "PLAYED";
    }
}

}  // namespace okno::sim::gateway::evolution
