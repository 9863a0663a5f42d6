#include "messengers/telegram/parse.hpp"

#include <array>

namespace okno::telegram {

namespace json = boost::json;

namespace {

struct FileField {
    const char* field;
    const char* type;
    const char* mime;  // where the message tells none
};

// The specific ones first: an animation also fills `document`.
constexpr std::array files{
    FileField{"animation", "video", "video/mp4"}, FileField{"video", "video", "video/mp4"},
    FileField{"video_note", "video", "video/mp4"}, FileField{"voice", "audio", "audio/ogg"},
    FileField{"audio", "audio", "audio/mpeg"},    FileField{"document", "document", ""},
};

void read_file(const JsonView& file, const FileField& as, InboundMessage& into) {
    into.type = as.type;
    into.media = MediaHint{as.type, file["file_id"].text_or(""), file["file_name"].text_or(""),
                           file["mime_type"].text_or(as.mime), ""};
}

// Animated ones (.tgs) no browser shows: their still picture stands for them.
void read_sticker(const JsonView& sticker, InboundMessage& into) {
    const bool is_vector = sticker["is_animated"].boolean().value_or(false);
    const bool is_video = sticker["is_video"].boolean().value_or(false);
    const JsonView thumbnail = sticker["thumbnail"];
    into.type = "sticker";
    const JsonView shown = is_vector && thumbnail.is_there() ? thumbnail : sticker;
    into.media = MediaHint{"sticker", shown["file_id"].text_or(""), "", is_video ? "video/webm" : "image/webp", ""};
    into.content = json::serialize(json::object{{"emoji", sticker["emoji"].text_or("")}});
}

json::object place_of(const JsonView& location) {
    json::object out;
    if (const auto latitude = location["latitude"].number()) out["latitude"] = *latitude;
    if (const auto longitude = location["longitude"].number()) out["longitude"] = *longitude;
    return out;
}

// Their own number only when they shared it themselves: a card of somebody else proves nothing.
void read_contact(const JsonView& message, InboundMessage& into) {
    const JsonView contact = message["contact"];
    std::string name = contact["first_name"].text_or("");
    if (const std::string last = contact["last_name"].text_or(""); !last.empty()) name += " " + last;
    const std::string phone = contact["phone_number"].text_or("");
    const std::string sender = message["from"]["id"].text_or("");
    const bool is_own = !sender.empty() && contact["user_id"].text_or("") == sender;
    into.type = "contacts";
    into.text = name;
    into.content = json::serialize(
        json::object{{"contacts", json::array{json::object{{"name", json::object{{"formatted_name", name}}},
                                                           {"phones", json::array{json::object{{"phone", phone}}}}}}},
                     {"is_own", is_own}});
    std::string digits;
    for (const char c : phone)
        if (c >= '0' && c <= '9') digits += c;
    if (is_own && !digits.empty()) into.from.addresses.push_back({"phone", digits, digits});
}

json::value forwarded_from(const JsonView& origin) {
    for (const std::string name :
         {origin["sender_user_name"].text_or(""), origin["sender_user"]["first_name"].text_or(""),
          origin["chat"]["title"].text_or(""), origin["sender_chat"]["title"].text_or("")})
        if (!name.empty()) return json::value(name);
    return json::value(true);
}

}  // namespace

std::string with_links(const std::string& text, const JsonView& entities) {
    std::string out;
    std::int64_t unit = 0;
    std::vector<std::pair<std::int64_t, std::string>> links;  // where the words end, the address
    for (std::size_t i = 0; i < entities.size(); ++i) {
        const JsonView one = entities.at(i);
        if (one["type"].text_or("") != "text_link") continue;
        links.emplace_back(one["offset"].integer().value_or(0) + one["length"].integer().value_or(0),
                           one["url"].text_or(""));
    }
    const auto close = [&] {
        for (const auto& [end, url] : links)
            if (end == unit && !url.empty()) out += " (" + url + ")";
    };
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        out += text.substr(at, length);
        at += length;
        unit += length == 4 ? 2 : 1;
        close();
    }
    return out;
}

void read_content(const JsonView& message, InboundMessage& into) {
    const bool is_text = message["text"].is_there();
    into.text = is_text ? with_links(message["text"].text_or(""), message["entities"])
                        : with_links(message["caption"].text_or(""), message["caption_entities"]);
    json::object extra;
    if (message["forward_origin"].is_there()) extra["forwarded"] = forwarded_from(message["forward_origin"]);
    if (message["media_group_id"].is_there()) extra["album"] = message["media_group_id"].text_or("");
    if (message["quote"]["text"].is_there()) extra["quote"] = message["quote"]["text"].text_or("");
    into.content = json::serialize(extra);
    if (is_text) {
        into.type = "text";
        return;
    }
    for (const FileField& file : files)
        if (message[file.field].is_there()) return read_file(message[file.field], file, into);
    if (const JsonView photo = message["photo"]; photo.size() > 0) {
        const JsonView largest = photo.at(photo.size() - 1);
        into.type = "image";
        into.media = MediaHint{"image", largest["file_id"].text_or(""), "", "image/jpeg", ""};
        return;
    }
    if (message["sticker"].is_there()) return read_sticker(message["sticker"], into);
    if (message["contact"].is_there()) return read_contact(message, into);
    if (message["venue"].is_there()) {
        json::object place = place_of(message["venue"]["location"]);
        place["name"] = message["venue"]["title"].text_or("");
        place["address"] = message["venue"]["address"].text_or("");
        into.type = "location";
        into.text = message["venue"]["title"].text_or("");
        into.content = json::serialize(place);
        return;
    }
    if (message["location"].is_there()) {
        into.type = "location";
        into.content = json::serialize(place_of(message["location"]));
        return;
    }
    if (message["web_app_data"].is_there()) {
        into.type = "button";
        into.text = message["web_app_data"]["button_text"].text_or("");
        into.content = json::serialize(json::object{{"payload", message["web_app_data"]["data"].text_or("")}});
        return;
    }
    into.type = "unsupported";
    json::object raw;
    if (message.raw() != nullptr) raw["raw"] = *message.raw();
    into.content = json::serialize(raw);
}

}  // namespace okno::telegram
