// Our messages as Evolution API takes them (channels page of the gateway, section 1). Nothing tells a repeated call
// from a new one.
#include "messengers/gateway/send.hpp"

#include "messengers/gateway/address.hpp"
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/choices.hpp"
#include "messengers/gateway/evolution/evolution.hpp"

namespace okno::gateway::evolution {

namespace json = boost::json;

namespace {

struct Sending {
    std::string path;  // before the name of the instance
    json::object body;
};

Sending text_sending(const std::string& text) {
    return {"/message/sendText/", {{"text", text}, {"linkPreview", true}}};
}

Result<Sending> place_sending(const JsonView& content) {
    const Result<Place> place = read_place(content);
    if (!place) return std::unexpected(place.error());
    return Sending{"/message/sendLocation/",
                   {{"name", place->name},
                    {"address", place->address},
                    {"latitude", place->latitude},
                    {"longitude", place->longitude}}};
}

// Contacts without a phone go as text.
Sending cards_sending(const JsonView& contacts) {
    const Cards told = read_cards(contacts);
    if (told.cards.empty()) return text_sending(told.words);
    json::array cards;
    for (const Card& card : told.cards)
        cards.push_back(json::object{{"fullName", card.name},
                                     {"wuid", digits_of(card.phone)},
                                     {"phoneNumber", card.phone},
                                     {"organization", card.company}});
    return {"/message/sendContact/", {{"contact", std::move(cards)}}};
}

Sending file_sending(const OutboundMessage& message, const std::string& data) {
    if (message.type == "audio") return {"/message/sendWhatsAppAudio/", {{"audio", data}}};
    Sending out{"/message/sendMedia/",
                {{"mediatype", message.type}, {"mimetype", message.file->mime}, {"media", data}}};
    if (!message.file->name.empty()) out.body["fileName"] = message.file->name;
    if (!message.text.empty()) out.body["caption"] = message.text;
    return out;
}

// Its ids do not tell whose message it is: people react to what was written to them.
Sending reaction_sending(const JsonView& content, const std::string& chat) {
    return {"/message/sendReaction/",
            {{"key", json::object{{"remoteJid", chat}, {"fromMe", false}, {"id", content["message_id"].text_or("")}}},
             {"reaction", content["emoji"].text_or("")}}};
}

Result<Sending> sending_of(const Outgoing& out, const std::string& chat) {
    const OutboundMessage& message = out.message;
    if (message.type == "text") return text_sending(message.text);
    if (message.type == "interactive") return text_sending(text_of_choices(out.content));
    if (message.type == "location") return place_sending(out.content);
    if (message.type == "contacts") return cards_sending(out.content["contacts"]);
    if (message.type == "reaction") return reaction_sending(out.content, chat);
    if (is_file(message.type) && message.file) return file_sending(message, out.data);
    return not_here("Messages of type `" + message.type + "` cannot be sent through a gateway.");
}

}  // namespace

// Who shows their number is named by its digits, who hides it by the whole id.
Result<Rendered> Evolution::render(const Outgoing& out, const Channel& channel) const {
    const std::string chat = chat_of(out.to, host);
    Result<Sending> sending = sending_of(out, chat);
    if (!sending) return std::unexpected(sending.error());
    if (out.message.type != "reaction") {
        sending->body["number"] = out.to.kind == "phone" ? out.to.value : chat;
        if (!out.message.reply_to.value().empty())
            sending->body["quoted"] = json::object{{"key", json::object{{"id", out.message.reply_to.value()}}}};
    }
    return Rendered{{"POST", sending->path + session_of(channel), std::move(sending->body)}};
}

}  // namespace okno::gateway::evolution
