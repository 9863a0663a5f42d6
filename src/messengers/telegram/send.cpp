#include "messengers/telegram/send.hpp"

#include "messengers/split_text.hpp"
#include "messengers/telegram/keyboard.hpp"

#include <algorithm>
#include <array>

namespace okno::telegram {

namespace json = boost::json;

namespace {

constexpr std::size_t most_text = 4096;
constexpr std::size_t most_caption = 1024;

std::unexpected<Error> not_here(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "type_not_supported", detail, where);
}

std::unexpected<Error> bad_content(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "bad_content", detail, where);
}

Result<Call> place_of(const JsonView& content) {
    const auto latitude = content["latitude"].number();
    const auto longitude = content["longitude"].number();
    if (!latitude || !longitude) return bad_content("A location needs `latitude` and `longitude`.", "latitude");
    json::object place{{"latitude", *latitude}, {"longitude", *longitude}};
    const std::string name = content["name"].text_or("");
    const std::string address = content["address"].text_or("");
    if (name.empty() && address.empty()) return Call{"sendLocation", std::move(place)};
    place["title"] = name.empty() ? address : name;
    place["address"] = address.empty() ? name : address;
    return Call{"sendVenue", std::move(place)};
}

std::string name_on(const JsonView& card, const std::string& otherwise) {
    std::string name = card["name"]["formatted_name"].text_or("");
    if (name.empty()) name = card["name"]["first_name"].text_or("");
    return name.empty() ? otherwise : name;
}

// Names, numbers and addresses as text.
std::string text_of_cards(const JsonView& cards) {
    std::string out;
    for (std::size_t i = 0; i < cards.size(); ++i) {
        out += (out.empty() ? "" : "\n\n") + name_on(cards.at(i), "");
        for (const auto& [list, member] : {std::pair{"phones", "phone"}, {"emails", "email"}, {"urls", "url"}})
            for (std::size_t k = 0; k < cards.at(i)[list].size(); ++k)
                out += "\n" + cards.at(i)[list].at(k)[member].text_or("");
    }
    return out;
}

// Telegram's card holds one person with one number; anything else goes as text, so that nothing of it is lost.
bool fits_a_card(const JsonView& cards) {
    const JsonView only = cards.at(0);
    return cards.size() == 1 && only["phones"].size() == 1 && only["phones"].at(0)["phone"].is_there() &&
           only["emails"].size() == 0 && only["urls"].size() == 0;
}

Result<Call> contacts_of(const JsonView& content) {
    const JsonView cards = content["contacts"];
    if (!fits_a_card(cards)) {
        const std::string text = text_of_cards(cards);
        if (text.empty()) return bad_content("A contact card needs a name or a number.", "contacts");
        return Call{"sendMessage", {{"text", text}}};
    }
    const std::string phone = cards.at(0)["phones"].at(0)["phone"].text_or("");
    return Call{"sendContact", {{"phone_number", phone}, {"first_name", name_on(cards.at(0), phone)}}};
}

struct FileForm {
    std::string_view type;
    std::string_view mimes;  // empty: any
    const char* method;
    const char* field;
};

// What Telegram shows as what it is; everything else is a document.
constexpr std::array forms{
    FileForm{"image", "image/jpeg image/png", "sendPhoto", "photo"},
    FileForm{"sticker", "", "sendSticker", "sticker"},
    FileForm{"video", "video/mp4", "sendVideo", "video"},
    FileForm{"audio", "audio/ogg", "sendVoice", "voice"},
    FileForm{"audio", "audio/mpeg audio/mp4", "sendAudio", "audio"},
};

bool is_of(const FileForm& form, const OutboundMessage& message) {
    if (form.type != message.type) return false;
    return form.mimes.empty() ||
           (" " + std::string(form.mimes) + " ").find(" " + message.file->mime + " ") != std::string::npos;
}

Call file_call(const OutboundMessage& message) {
    json::object parameters;
    if (!message.text.empty()) parameters["caption"] = message.text;
    const auto* form = std::ranges::find_if(forms, [&](const FileForm& one) { return is_of(one, message); });
    if (form == forms.end()) return {"sendDocument", std::move(parameters), "document"};
    return {form->method, std::move(parameters), form->field};
}

Result<Call> reaction_of(const JsonView& content) {
    const auto target = name_of(ProviderMessageId{content["message_id"].text_or("")});
    const auto number = target ? target->number() : std::nullopt;
    if (!number) return bad_content("A reaction names the message it is for.", "message_id");
    json::array reaction;
    if (const std::string emoji = content["emoji"].text_or(""); !emoji.empty())
        reaction.push_back(json::object{{"type", "emoji"}, {"emoji", emoji}});
    return Call{"setMessageReaction", {{"message_id", *number}, {"reaction", reaction}}};
}

Result<Call> choices_of(const JsonView& content) {
    const Result<json::object> markup = markup_of(content);
    if (!markup) return std::unexpected(markup.error());
    return Call{"sendMessage", {{"text", text_of_choices(content)}, {"reply_markup", *markup}}};
}

bool is_file(const std::string& type) {
    constexpr std::array<std::string_view, 5> types{"image", "video", "audio", "document", "sticker"};
    return std::ranges::find(types, type) != types.end();
}

Result<Call> call_of(const OutboundMessage& message, const JsonView& content) {
    if (message.type == "text") return Call{"sendMessage", {{"text", message.text}}};
    if (message.type == "location") return place_of(content);
    if (message.type == "contacts") return contacts_of(content);
    if (message.type == "reaction") return reaction_of(content);
    if (message.type == "interactive") return choices_of(content);
    if (is_file(message.type) && message.file) return file_call(message);
    return not_here("Messages of type `" + message.type + "` cannot be sent in Telegram.", "type");
}

// Whom it goes to and what it answers, beside what it says.
void address(Call& call, const Chat& chat, const OutboundMessage& message) {
    call.parameters["chat_id"] = chat.id;
    if (!chat.connection.empty()) {
        call.parameters["business_connection_id"] = chat.connection;
        if (const json::value* markup = call.parameters.if_contains("reply_markup"))
            if (is_reply_keyboard(markup->get_object())) call.parameters.erase("reply_markup");
    }
    const auto quoted = name_of(message.reply_to);
    const auto number = quoted ? quoted->number() : std::nullopt;
    if (number && quoted->chat.address().value == chat.address().value && message.type != "reaction")
        call.parameters["reply_parameters"] =
            json::object{{"message_id", *number}, {"allow_sending_without_reply", true}};
}

}  // namespace

std::optional<Chat> chat_for(const std::vector<Address>& to) {
    for (const char* kind : {"telegram", "business"}) {
        const auto found = std::ranges::find(to, kind, &Address::kind);
        if (found != to.end()) return chat_of(found->value);
    }
    return std::nullopt;
}

Result<Call> call_for(const OutboundMessage& message) {
    const auto content = parse_json(message.content);
    if (!content) return std::unexpected(content.error());
    const auto chat = chat_for(message.to);
    if (!chat) return fail(ErrorKind::invalid, "no_address", "No Telegram account of this person is known.");
    Result<Call> call = call_of(message, JsonView(*content));
    if (call) address(*call, *chat, message);
    return call;
}

std::optional<Call> other_call(const OutboundMessage& message, Reaction refused_so) {
    OutboundMessage other = message;
    if (refused_so == Reaction::as_document && message.file && message.type != "document")
        other.type = "document";
    else if (refused_so == Reaction::no_reply && !message.reply_to.value().empty())
        other.reply_to = {};
    else
        return std::nullopt;
    Result<Call> call = call_for(other);
    return call ? std::optional(std::move(*call)) : std::nullopt;
}

Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content) {
    const auto too_long = [](const char* what, std::size_t most, std::size_t has, const char* where) {
        return fail(ErrorKind::invalid, "invalid",
                    std::string(what) + " has at most " + std::to_string(most) + " characters in Telegram, this has " +
                        std::to_string(has) + " (many emoji count twice).",
                    where);
    };
    if (type == "template") return not_here("Telegram has no templates and needs none: write the text itself.", "type");
    if (type == "sticker" && !text.empty())
        return fail(ErrorKind::invalid, "invalid", "A sticker has no text: send it as a message of its own.", "text");
    const std::size_t length = length_in(TextUnit::utf16, text);
    if (is_file(type) && length > most_caption) return too_long("The text beside a file", most_caption, length, "text");
    if (type != "interactive") return {};
    if (const auto fits = check_choices(content); !fits) return fits;
    const std::size_t whole = length_in(TextUnit::utf16, text_of_choices(content));
    if (whole > most_text) return too_long("The text of choices", most_text, whole, "interactive.body");
    return {};
}

}  // namespace okno::telegram
