// Our messages as WAHA takes them (channels page of the gateway, section 1).
#include "messengers/gateway/send.hpp"

#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/choices.hpp"
#include "messengers/gateway/waha/ids.hpp"
#include "messengers/gateway/waha/waha.hpp"

namespace okno::gateway::waha {

namespace json = boost::json;

namespace {

// A body for one of WAHA's paths.
struct Sending {
    std::string path;
    json::object body;
};

Sending text_sending(const std::string& text) { return {"/api/sendText", {{"text", text}, {"linkPreview", true}}}; }

Result<Sending> place_sending(const JsonView& content) {
    const Result<Place> place = read_place(content);
    if (!place) return std::unexpected(place.error());
    std::string title = place->name;
    if (!place->address.empty()) title += (title.empty() ? "" : ", ") + place->address;
    return Sending{"/api/sendLocation",
                   {{"latitude", place->latitude}, {"longitude", place->longitude}, {"title", title}}};
}

// Contacts without a phone go as text.
Sending cards_sending(const JsonView& contacts) {
    const Cards told = read_cards(contacts);
    if (told.cards.empty()) return text_sending(told.words);
    json::array cards;
    for (const Card& card : told.cards)
        cards.push_back(json::object{{"fullName", card.name},
                                     {"organization", card.company},
                                     {"phoneNumber", card.phone},
                                     {"whatsappId", digits_of(card.phone)},
                                     {"vcard", nullptr}});
    return {"/api/sendContactVcard", {{"contacts", std::move(cards)}}};
}

Sending file_sending(const OutboundMessage& message, const std::string& data) {
    Sending out{"/api/sendFile", {}};
    json::object file{{"mimetype", message.file->mime}, {"data", data}};
    if (!message.file->name.empty()) file["filename"] = message.file->name;
    if (message.type == "image") out.path = "/api/sendImage";
    if (message.type == "video") out.path = "/api/sendVideo";
    if (message.type == "audio") out.path = "/api/sendVoice";
    if (message.type == "video" || message.type == "audio") out.body["convert"] = true;
    if (message.type == "video") out.body["asNote"] = false;
    if (!message.text.empty()) out.body["caption"] = message.text;
    out.body["file"] = std::move(file);
    return out;
}

Result<Sending> sending_of(const Outgoing& out) {
    const OutboundMessage& message = out.message;
    if (message.type == "text") return text_sending(message.text);
    if (message.type == "interactive") return text_sending(text_of_choices(out.content));
    if (message.type == "location") return place_sending(out.content);
    if (message.type == "contacts") return cards_sending(out.content["contacts"]);
    if (is_file(message.type) && message.file) return file_sending(message, out.data);
    return not_here("Messages of type `" + message.type + "` cannot be sent through a gateway.");
}

// `message_id` of the content is the provider's.
Rendered reaction_of(const JsonView& content, const std::string& chat, const std::string& session) {
    return {{"PUT", "/api/reaction",
             json::object{{"messageId", full_id(chat, content["message_id"].text_or(""))},
                          {"reaction", content["emoji"].text_or("")},
                          {"session", session}}}};
}

}  // namespace

Result<Rendered> Waha::render(const Outgoing& out, const Channel& channel) const {
    const OutboundMessage& message = out.message;
    const std::string chat = chat_of(out.to);
    if (message.type == "reaction") return reaction_of(out.content, chat, session_of(channel));
    Result<Sending> sending = sending_of(out);
    if (!sending) return std::unexpected(sending.error());
    Rendered rendered;
    json::object& body = sending->body;
    body["session"] = session_of(channel);
    body["chatId"] = chat;
    if (!is_file(message.type)) {  // files take no id of ours
        rendered.prepared_id = message_id_of(message.reference);
        body["id"] = rendered.prepared_id;
    }
    if (!message.reply_to.value().empty()) body["reply_to"] = full_id(chat, message.reply_to.value());
    rendered.call = {"POST", sending->path, std::move(body)};
    return rendered;
}

Call Waha::change_call(const OutboundChange& change, const Address& to, const Channel& channel) const {
    const std::string chat = chat_of(to);
    // Ours, whoever made its id.
    const std::string path =
        "/api/" + session_of(channel) + "/chats/" + chat + "/messages/true_" + chat + "_" + change.target.value();
    if (change.kind == ChangeKind::remove) return {"DELETE", path};
    return {"PUT", path, json::object{{"text", change.text}}};
}

}  // namespace okno::gateway::waha
