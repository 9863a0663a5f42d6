#include "messengers/gateway/send.hpp"

#include "messengers/gateway/address.hpp"
#include "messengers/gateway/choices.hpp"

#include <sodium.h>

#include <fstream>
#include <iterator>

namespace okno::gateway {

namespace json = boost::json;

namespace {

constexpr std::size_t most_caption = 1024;

std::unexpected<Error> not_here(const std::string& detail) {
    return fail(ErrorKind::invalid, "type_not_supported", detail, "type");
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Rendered text_call(const std::string& text) {
    return {.path = "/api/sendText", .body = {{"text", text}, {"linkPreview", true}}};
}

Result<Rendered> place_call(const JsonView& content) {
    const auto latitude = content["latitude"].number();
    const auto longitude = content["longitude"].number();
    if (!latitude || !longitude)
        return fail(ErrorKind::invalid, "bad_content", "A location needs `latitude` and `longitude`.", "latitude");
    std::string title = content["name"].text_or("");
    if (const std::string address = content["address"].text_or(""); !address.empty())
        title += (title.empty() ? "" : ", ") + address;
    return Rendered{.path = "/api/sendLocation",
                    .body = {{"latitude", *latitude}, {"longitude", *longitude}, {"title", title}}};
}

std::string digits_of(std::string_view phone) {
    std::string out;
    for (const char c : phone)
        if (c >= '0' && c <= '9') out += c;
    return out;
}

// A card a phone; a contact without one goes as text.
Rendered cards_call(const JsonView& contacts) {
    json::array cards;
    std::string words;
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        const JsonView one = contacts.at(i);
        const std::string name = one["name"]["formatted_name"].text_or("");
        words += (words.empty() ? "" : "\n\n") + name;
        for (const auto& [list, member] : {std::pair{"emails", "email"}, {"urls", "url"}})
            for (std::size_t k = 0; k < one[list].size(); ++k)
                words += "\n" + one[list].at(k)[member].text_or("");
        for (std::size_t k = 0; k < one["phones"].size(); ++k) {
            const std::string phone = one["phones"].at(k)["phone"].text_or("");
            cards.push_back(json::object{{"fullName", name},
                                         {"organization", one["org"]["company"].text_or("")},
                                         {"phoneNumber", phone},
                                         {"whatsappId", digits_of(phone)},
                                         {"vcard", nullptr}});
        }
    }
    if (cards.empty()) return text_call(words);
    return {.path = "/api/sendContactVcard", .body = {{"contacts", std::move(cards)}}};
}

Rendered file_call(const OutboundMessage& message, const std::string& data) {
    Rendered out{.path = "/api/sendFile"};
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

// `id` of the content is the provider's.
Rendered reaction_call(const JsonView& content, const std::string& chat) {
    return {.method = "PUT",
            .path = "/api/reaction",
            .body = {{"messageId", full_id(chat, content["message_id"].text_or(""))},
                     {"reaction", content["emoji"].text_or("")}}};
}

Result<Rendered> call_of(const OutboundMessage& message, const JsonView& content, const std::string& data) {
    if (message.type == "text") return text_call(message.text);
    if (message.type == "interactive") return text_call(text_of_choices(content));
    if (message.type == "location") return place_call(content);
    if (message.type == "contacts") return cards_call(content["contacts"]);
    if (is_file(message.type) && message.file) return file_call(message, data);
    return not_here("Messages of type `" + message.type + "` cannot be sent through a gateway.");
}

}  // namespace

bool is_file(std::string_view type) {
    return type == "image" || type == "video" || type == "audio" || type == "document";
}

Result<Rendered> render(const OutboundMessage& message, const std::string& session, const std::string& data) {
    const auto chat = chat_for(message.to);
    if (!chat) return fail(ErrorKind::invalid, "no_address", "No WhatsApp account of this person is known.");
    const auto content = parse_json(message.content);
    if (!content) return std::unexpected(content.error());
    if (message.type == "reaction") {
        Rendered out = reaction_call(JsonView(*content), *chat);
        out.body["session"] = session;
        return out;
    }
    Result<Rendered> out = call_of(message, JsonView(*content), data);
    if (!out) return out;
    out->body["session"] = session;
    out->body["chatId"] = *chat;
    if (!is_file(message.type)) {
        out->prepared_id = message_id_of(message.reference);
        out->body["id"] = out->prepared_id;
    }
    if (!message.reply_to.value().empty()) out->body["reply_to"] = full_id(*chat, message.reply_to.value());
    return out;
}

Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content) {
    if (type == "template") return not_here("A gateway has no templates and needs none: write the text itself.");
    if (type == "sticker") return not_here("Stickers cannot be sent through a gateway: send it as a document.");
    if (type == "audio" && !text.empty())
        return fail(ErrorKind::invalid, "invalid",
                    "A voice message has no words beside it: send the text as a message of its own.", "text");
    if (is_file(type) && characters(text) > most_caption)
        return fail(ErrorKind::invalid, "invalid",
                    "The text beside a file has at most 1024 characters, this has " + std::to_string(characters(text)) +
                        ": send the file first and the text after it.",
                    "text");
    return type == "interactive" ? check_choices(content) : Result<void>{};
}

Result<std::string> read_base64(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (!in.good() && !in.eof())
        return fail(ErrorKind::unavailable, "file_unreadable", "The file of this message cannot be read now.");
    std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    out.pop_back();  // the zero at its end
    return out;
}

}  // namespace okno::gateway
