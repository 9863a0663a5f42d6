#include "messengers/telegram/send.hpp"

#include <algorithm>

namespace okno::telegram {

namespace json = boost::json;

namespace {

constexpr std::size_t most_button_bytes = 64;
constexpr std::size_t most_buttons = 100;
constexpr std::size_t most_caption = 1024;

std::unexpected<Error> not_here(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "type_not_supported", detail, where);
}

json::array row_of(json::object button) { return json::array{std::move(button)}; }

json::object press_button(const JsonView& choice) {
    return {{"text", choice["title"].text_or("")}, {"callback_data", choice["id"].text_or("")}};
}

// Every choice on a row of its own: titles are not cut there.
json::array rows_of(const JsonView& content) {
    json::array rows;
    for (std::size_t i = 0; i < content["buttons"].size(); ++i)
        rows.push_back(row_of(press_button(content["buttons"].at(i))));
    for (std::size_t i = 0; i < content["sections"].size(); ++i)
        for (std::size_t k = 0; k < content["sections"].at(i)["rows"].size(); ++k)
            rows.push_back(row_of(press_button(content["sections"].at(i)["rows"].at(k))));
    return rows;
}

json::object request_keyboard(const std::string& title, const char* request) {
    return {{"keyboard", json::array{row_of({{"text", title}, {request, true}})}},
            {"resize_keyboard", true},
            {"one_time_keyboard", true}};
}

Result<json::object> markup_of(const JsonView& content) {
    const std::string kind = content["kind"].text_or("buttons");
    const std::string title = content["title"].text_or("");
    if (kind == "buttons" || kind == "list") return json::object{{"inline_keyboard", rows_of(content)}};
    if (kind == "link")
        return json::object{
            {"inline_keyboard", json::array{row_of({{"text", title}, {"url", content["url"].text_or("")}})}}};
    if (kind == "location_request") return request_keyboard(title.empty() ? "📍" : title, "request_location");
    if (kind == "contact_request") return request_keyboard(title.empty() ? "☎" : title, "request_contact");
    return not_here("There is no choice of the kind `" + kind + "` here.", "interactive.kind");
}

// Header and footer have no place of their own.
std::string text_of_choices(const JsonView& content) {
    std::string out = content["header"].text_or("");
    if (!out.empty()) out += "\n\n";
    out += content["body"].text_or("");
    for (std::size_t i = 0; i < content["sections"].size(); ++i)
        for (std::size_t k = 0; k < content["sections"].at(i)["rows"].size(); ++k)
            if (const JsonView row = content["sections"].at(i)["rows"].at(k); row["description"].is_there())
                out += "\n" + row["title"].text_or("") + ": " + row["description"].text_or("");
    if (const std::string footer = content["footer"].text_or(""); !footer.empty()) out += "\n\n" + footer;
    return out;
}

Result<Call> place_of(const JsonView& content) {
    const auto latitude = content["latitude"].number();
    const auto longitude = content["longitude"].number();
    if (!latitude || !longitude)
        return fail(ErrorKind::invalid, "bad_content", "A location needs `latitude` and `longitude`.", "latitude");
    json::object place{{"latitude", *latitude}, {"longitude", *longitude}};
    const std::string name = content["name"].text_or("");
    if (name.empty()) return Call{"sendLocation", std::move(place)};
    place["title"] = name;
    place["address"] = content["address"].text_or(name);
    return Call{"sendVenue", std::move(place)};
}

Result<Call> card_of(const JsonView& content) {
    const JsonView contact = content["contacts"].at(0);
    const std::string phone = contact["phones"].at(0)["phone"].text_or("");
    if (phone.empty())
        return fail(ErrorKind::invalid, "bad_content", "A contact card needs a phone number here.", "contacts");
    return Call{"sendContact",
                {{"phone_number", phone}, {"first_name", contact["name"]["formatted_name"].text_or(phone)}}};
}

Call file_call(const OutboundMessage& message) {
    json::object parameters;
    if (!message.text.empty() && message.type != "sticker") parameters["caption"] = message.text;
    if (message.type == "image") return {"sendPhoto", std::move(parameters), "photo"};
    if (message.type == "video") return {"sendVideo", std::move(parameters), "video"};
    if (message.type == "sticker") return {"sendSticker", std::move(parameters), "sticker"};
    if (message.type == "audio" && message.file->mime == "audio/ogg")
        return {"sendVoice", std::move(parameters), "voice"};
    if (message.type == "audio") return {"sendAudio", std::move(parameters), "audio"};
    return {"sendDocument", std::move(parameters), "document"};
}

Result<Call> reaction_of(const JsonView& content) {
    const auto target = name_of(ProviderMessageId{content["message_id"].text_or("")});
    if (!target)
        return fail(ErrorKind::invalid, "bad_content", "A reaction names the message it is for.", "message_id");
    json::array reaction;
    if (const std::string emoji = content["emoji"].text_or(""); !emoji.empty())
        reaction.push_back(json::object{{"type", "emoji"}, {"emoji", emoji}});
    return Call{"setMessageReaction", {{"message_id", std::stoll(target->message_id)}, {"reaction", reaction}}};
}

Result<Call> call_of(const OutboundMessage& message, const JsonView& content) {
    if (message.type == "text") return Call{"sendMessage", {{"text", message.text}}};
    if (message.file) return file_call(message);
    if (message.type == "location") return place_of(content);
    if (message.type == "contacts") return card_of(content);
    if (message.type == "reaction") return reaction_of(content);
    if (message.type == "interactive") {
        const Result<json::object> markup = markup_of(content);
        if (!markup) return std::unexpected(markup.error());
        return Call{"sendMessage", {{"text", text_of_choices(content)}, {"reply_markup", *markup}}};
    }
    return not_here("Messages of type `" + message.type + "` cannot be sent in Telegram.", "type");
}

bool is_number(const std::string& text) {
    return !text.empty() && text.size() < 16 && text.find_first_not_of("0123456789") == std::string::npos;
}

// Whom it goes to and what it answers, beside what it says.
Result<Call> addressed(Result<Call> call, const OutboundMessage& message) {
    if (!call) return call;
    const auto chat = chat_for(message.to);
    if (!chat) return fail(ErrorKind::invalid, "no_address", "No Telegram account of this person is known.");
    call->parameters["chat_id"] = chat->id;
    if (!chat->connection.empty()) call->parameters["business_connection_id"] = chat->connection;
    const auto quoted = name_of(message.reply_to);
    if (quoted && message.type != "reaction" && is_number(quoted->message_id))
        call->parameters["reply_parameters"] =
            json::object{{"message_id", std::stoll(quoted->message_id)}, {"allow_sending_without_reply", true}};
    return call;
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
    return addressed(call_of(message, JsonView(*content)), message);
}

std::optional<Call> plainer_call(const OutboundMessage& message, const std::string& refusal) {
    if (!message.file || message.type == "document") return std::nullopt;
    constexpr std::string_view begin = "bad request: ";
    const std::string_view reason =
        refusal.starts_with(begin) ? std::string_view(refusal).substr(begin.size()) : std::string_view(refusal);
    const bool is_form = reason.starts_with("photo_invalid_dimensions") || reason.starts_with("image_process_failed") ||
                         reason.starts_with("voice_messages_forbidden") ||
                         reason.starts_with("wrong type of the web page content");
    if (!is_form) return std::nullopt;
    OutboundMessage plain = message;
    plain.type = "document";
    Result<Call> call = call_for(plain);
    return call ? std::optional(std::move(*call)) : std::nullopt;
}

Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content) {
    if (type == "template")
        return not_here("Telegram has no templates and needs none: write the text itself.", "type");
    const bool is_media = type == "image" || type == "video" || type == "audio" || type == "document";
    const auto characters = static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    if (is_media && characters > most_caption)
        return fail(ErrorKind::invalid, "invalid",
                    "The text beside a file has at most 1024 characters in Telegram, this has " +
                        std::to_string(characters) + ": send the file first and the text after it.",
                    "text");
    if (type != "interactive") return {};
    const json::array rows = rows_of(content);
    if (rows.size() > most_buttons)
        return fail(ErrorKind::invalid, "invalid", "At most 100 buttons stand under one message.",
                    "interactive.buttons");
    for (const json::value& row : rows) {
        const std::string_view data = row.at(0).at("callback_data").as_string();
        if (data.empty() || data.size() > most_button_bytes)
            return fail(ErrorKind::invalid, "invalid",
                        "The id of a button has 1 to 64 bytes in Telegram, `" + std::string(data) + "` has " +
                            std::to_string(data.size()) + ".",
                        "interactive.buttons");
    }
    const std::string kind = content["kind"].text_or("buttons");
    if ((kind == "buttons" || kind == "list") && rows.empty())
        return fail(ErrorKind::invalid, "invalid", "There is no button to choose.", "interactive.buttons");
    const std::string url = content["url"].text_or("");
    if (kind == "link" && !url.starts_with("https://") && !url.starts_with("http://") && !url.starts_with("tg://"))
        return fail(ErrorKind::invalid, "invalid", "The address of a button begins with https://, http:// or tg://.",
                    "interactive.url");
    return {};
}

}  // namespace okno::telegram
