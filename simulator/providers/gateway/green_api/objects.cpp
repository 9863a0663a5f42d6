#include "providers/gateway/green_api/objects.hpp"

#include "providers/gateway/events.hpp"
#include "providers/gateway/files.hpp"
#include "providers/gateway/green_api/events.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace okno::sim::gateway::green_api {

namespace {

json::object file_of(Site& site, Message& message) {
    return {{"downloadUrl", store_address(site, *message.file)},
            {"caption", message.text},
            {"fileName", message.file->name.empty() ? message.id + ".bin" : message.file->name},
            {"mimeType", message.file->mime},
            {"isForwarded", false},
            {"forwardingScore", 0}};
}

double degrees(const json::value& location, std::string_view member) {
    const json::value& said = location.as_object().at(member);
    return said.is_string() ? std::strtod(said.get_string().c_str(), nullptr) : said.to_number<double>();
}

json::object place_of(const json::value& location) {
    const json::object& place = location.as_object();
    const json::value* name = place.if_contains("name");
    return {{"nameLocation", name != nullptr && name->is_string() ? *name : json::value("")},
            {"address", ""},
            {"latitude", degrees(location, "latitude")},
            {"longitude", degrees(location, "longitude")}};
}

json::object card_of(const json::value& vcard) { return {{"displayName", "Oleg Gromov"}, {"vcard", vcard}}; }

}  // namespace

std::string_view type_of(const Message& message) {
    if (message.type == "location") return "locationMessage";
    if (message.type == "contact") return "contactMessage";
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> files{{{"image", "imageMessage"},
                                                                                  {"video", "videoMessage"},
                                                                                  {"audio", "audioMessage"},
                                                                                  {"document", "documentMessage"},
                                                                                  {"sticker", "stickerMessage"}}};
    for (const auto& [ours, theirs] : files)
        if (message.type == ours) return theirs;
    return message.quoted.empty() ? "textMessage" : "quotedMessage";
}

json::object data_of(Site& site, const Chat& chat, Message& message) {
    json::object out{{"typeMessage", type_of(message)}};
    if (message.file) out["fileMessageData"] = file_of(site, message);
    if (message.type == "location") out["locationMessageData"] = place_of(message.location);
    if (message.type == "contact") out["contactMessageData"] = card_of(message.vcards.at(0));
    if (message.type == "text" && message.quoted.empty())
        out["textMessageData"] = json::object{{"textMessage", message.text}};
    if (message.quoted.empty()) return out;
    const auto quoted = std::ranges::find(chat.messages, message.quoted, &Message::id);
    const bool is_there = quoted != chat.messages.end();
    if (message.type == "text")
        out["extendedTextMessageData"] = json::object{{"text", message.text}, {"stanzaId", message.quoted}};
    out["quotedMessage"] = json::object{{"stanzaId", message.quoted},
                                        {"typeMessage", is_there ? type_of(*quoted) : "textMessage"},
                                        {"textMessage", is_there ? quoted->text : std::string()}};
    return out;
}

json::object journal_entry(Site& site, Session& session, const Person& person, Message& message) {
    json::object out{{"type", message.is_from_account ? "outgoing" : "incoming"},
                     {"idMessage", message.id},
                     {"timestamp", seconds_of(message.at)},
                     {"typeMessage", type_of(message)},
                     {"chatId", person.chat_id()}};
    if (message.is_from_account) {
        out["sendByApi"] = message.is_by_api;
        out["statusMessage"] = status_of(session, person, message);
    } else {
        out["senderId"] = person.chat_id();
        out["senderName"] = person.name;
    }
    const json::object data = data_of(site, session.chats[person.number], message);
    for (const auto& [nested, flat] : {std::pair{"extendedTextMessageData", "extendedTextMessage"},
                                       {"locationMessageData", "location"},
                                       {"contactMessageData", "contact"},
                                       {"quotedMessage", "quotedMessage"}})
        if (const json::value* found = data.if_contains(nested)) out[flat] = *found;
    for (const char* nested : {"textMessageData", "fileMessageData"})
        if (const json::value* found = data.if_contains(nested))
            for (const auto& [name, value] : found->as_object())
                out[name] = value;
    return out;
}

}  // namespace okno::sim::gateway::green_api
