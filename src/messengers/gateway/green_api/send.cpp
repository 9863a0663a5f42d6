// Our messages as Green-API takes them (channels page of the gateway, section 1). It queues them itself and gives each
// its id at once; nothing tells a repeated call from a new one.
#include "messengers/gateway/send.hpp"

#include "messengers/gateway/address.hpp"
#include "messengers/gateway/choices.hpp"
#include "messengers/gateway/green_api/green_api.hpp"

#include <charconv>

namespace okno::gateway::green_api {

namespace json = boost::json;

namespace {

struct Sending {
    std::string method;
    json::object body;
};

Sending text_sending(const std::string& text) { return {"sendMessage", {{"message", text}, {"linkPreview", true}}}; }

Result<Sending> place_sending(const JsonView& content) {
    const Result<Place> place = read_place(content);
    if (!place) return std::unexpected(place.error());
    return Sending{"sendLocation",
                   {{"nameLocation", place->name},
                    {"address", place->address},
                    {"latitude", place->latitude},
                    {"longitude", place->longitude}}};
}

// It takes one card a call; several go as text.
Sending cards_sending(const JsonView& contacts) {
    const Cards told = read_cards(contacts);
    std::int64_t phone = 0;
    if (told.cards.size() == 1) {
        const std::string digits = digits_of(told.cards.front().phone);
        std::from_chars(digits.data(), digits.data() + digits.size(), phone);
    }
    if (phone == 0) return text_sending(told.words);
    json::object card{{"phoneContact", phone}, {"firstName", told.cards.front().name}};
    if (!told.cards.front().company.empty()) card["company"] = told.cards.front().company;
    return {"sendContact", {{"contact", std::move(card)}}};
}

std::string file_name_of(const OutboundMessage& message) {
    if (message.type == "audio") return "voice.ogg";  // what ends so is shown as a voice message
    if (!message.file->name.empty()) return message.file->name;
    const std::string& mime = message.file->mime;
    return "file." + mime.substr(mime.find('/') + 1);
}

Result<Sending> file_sending(const OutboundMessage& message) {
    if (message.file->link.empty())
        return fail(ErrorKind::conflict, "no_public_address",
                    "Green-API fetches files from this server, which has no address that it could call: set "
                    "`public_url`.");
    Sending out{"sendFileByUrl", {{"urlFile", message.file->link}, {"fileName", file_name_of(message)}}};
    if (!message.text.empty()) out.body["caption"] = message.text;
    return out;
}

Result<Sending> sending_of(const Outgoing& out) {
    const OutboundMessage& message = out.message;
    if (message.type == "text") return text_sending(message.text);
    if (message.type == "interactive") return text_sending(text_of_choices(out.content));
    if (message.type == "location") return place_sending(out.content);
    if (message.type == "contacts") return cards_sending(out.content["contacts"]);
    if (is_file(message.type) && message.file) return file_sending(message);
    if (message.type == "reaction") return not_here("Green-API cannot react to messages: write a few words instead.");
    return not_here("Messages of type `" + message.type + "` cannot be sent through a gateway.");
}

}  // namespace

Result<Rendered> GreenApi::render(const Outgoing& out, const Channel&) const {
    Result<Sending> sending = sending_of(out);
    if (!sending) return std::unexpected(sending.error());
    sending->body["chatId"] = chat_of(out.to);
    if (!out.message.reply_to.value().empty()) sending->body["quotedMessageId"] = out.message.reply_to.value();
    return Rendered{{"POST", sending->method, std::move(sending->body)}};
}

}  // namespace okno::gateway::green_api
