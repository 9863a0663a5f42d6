#include "messengers/telegram/parse.hpp"

#include "messengers/full_name.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

namespace okno::telegram {

namespace json = boost::json;

namespace {

// The message under way: what it becomes, and what stands in its content beside the words.
struct Reading {
    const JsonView& message;
    InboundMessage& into;
    json::object content;
};

void read_file(Reading& reading, const JsonView& file, const char* type, const char* usual_mime) {
    reading.into.type = type;
    reading.into.media = MediaHint{type, file["file_id"].text_or(""), file["file_name"].text_or(""),
                                   file["mime_type"].text_or(usual_mime), ""};
    if (const auto seconds = file["duration"].integer()) reading.content["duration"] = *seconds;
}

void read_animation(Reading& reading) {
    read_file(reading, reading.message["animation"], "video", "video/mp4");
    reading.content["animation"] = true;
}

void read_video(Reading& reading) { read_file(reading, reading.message["video"], "video", "video/mp4"); }

void read_round_video(Reading& reading) {
    read_file(reading, reading.message["video_note"], "video", "video/mp4");
    reading.content["round"] = true;
}

void read_voice(Reading& reading) {
    read_file(reading, reading.message["voice"], "audio", "audio/ogg");
    reading.content["voice"] = true;
}

void read_audio(Reading& reading) {
    const JsonView audio = reading.message["audio"];
    read_file(reading, audio, "audio", "audio/mpeg");
    for (const char* field : {"title", "performer"})
        if (audio[field].is_there()) reading.content[field] = audio[field].text_or("");
}

void read_document(Reading& reading) { read_file(reading, reading.message["document"], "document", ""); }

// The sizes of one picture rise: the last is the largest.
void read_photo(Reading& reading) {
    const JsonView own = reading.message["photo"];
    const JsonView sizes = own.size() > 0 ? own : reading.message["live_photo"]["photo"];
    if (sizes.size() == 0) return;
    read_file(reading, sizes.at(sizes.size() - 1), "image", "image/jpeg");
    if (reading.message["live_photo"].is_there()) reading.content["live_photo"] = true;
}

// Those that move no browser shows as a picture: the still one stands for them.
void read_sticker(Reading& reading) {
    const JsonView sticker = reading.message["sticker"];
    const bool moves =
        sticker["is_animated"].boolean().value_or(false) || sticker["is_video"].boolean().value_or(false);
    const JsonView thumbnail = sticker["thumbnail"];
    read_file(reading, moves && thumbnail.is_there() ? thumbnail : sticker, "sticker", "image/webp");
    if (sticker["emoji"].is_there()) reading.content["emoji"] = sticker["emoji"].text_or("");
}

std::string digits_in(const std::string& phone) {
    std::string out;
    std::ranges::copy_if(phone, std::back_inserter(out), [](char c) { return c >= '0' && c <= '9'; });
    return out;
}

// A number is the person's own only when they shared it themselves: a card of somebody else proves nothing. It joins
// nobody to the chat of a business account, whose answers go another way than the bot's.
void read_contact(Reading& reading) {
    const JsonView contact = reading.message["contact"];
    const std::string name = full_name(contact);
    const std::string phone = contact["phone_number"].text_or("");
    const std::string owner = contact["user_id"].text_or("");
    const bool is_own = !owner.empty() && owner == reading.message["from"]["id"].text_or("") &&
                        owner == reading.message["chat"]["id"].text_or("");
    reading.into.type = "contacts";
    reading.into.text = name;
    reading.content["contacts"] = json::array{json::object{{"name", json::object{{"formatted_name", name}}},
                                                           {"phones", json::array{json::object{{"phone", phone}}}}}};
    reading.content["is_own"] = is_own;
    const std::string digits = digits_in(phone);
    if (is_own && !digits.empty() && !reading.message["business_connection_id"].is_there())
        reading.into.from.addresses.push_back({"phone", digits, digits});
}

void read_place(Reading& reading, const JsonView& location) {
    reading.into.type = "location";
    for (const char* field : {"latitude", "longitude"})
        if (const auto degrees = location[field].number()) reading.content[field] = *degrees;
}

void read_venue(Reading& reading) {
    const JsonView venue = reading.message["venue"];
    read_place(reading, venue["location"]);
    reading.content["name"] = venue["title"].text_or("");
    reading.content["address"] = venue["address"].text_or("");
    reading.into.text = venue["title"].text_or("");
}

void read_location(Reading& reading) { read_place(reading, reading.message["location"]); }

void read_web_app(Reading& reading) {
    const JsonView data = reading.message["web_app_data"];
    reading.into.type = "button";
    reading.into.text = data["button_text"].text_or("");
    reading.content["payload"] = data["data"].text_or("");
    reading.content["text"] = reading.into.text;
}

struct Kind {
    const char* field;
    void (*read)(Reading&);
};

// The specific ones first: an animation also fills `document`, a live photo `photo`, a venue `location`.
constexpr std::array kinds{
    Kind{"animation", read_animation}, Kind{"video", read_video}, Kind{"video_note", read_round_video},
    Kind{"voice", read_voice},         Kind{"audio", read_audio}, Kind{"document", read_document},
    Kind{"live_photo", read_photo},    Kind{"photo", read_photo}, Kind{"sticker", read_sticker},
    Kind{"contact", read_contact},     Kind{"venue", read_venue}, Kind{"location", read_location},
    Kind{"web_app_data", read_web_app}};

// What is said of every message, whatever it is.
bool is_of_the_envelope(std::string_view field) {
    constexpr std::array<std::string_view, 14> fields{"from",           "chat",
                                                      "sender_chat",    "sender_business_bot",
                                                      "forward_origin", "reply_to_message",
                                                      "reply_to_story", "external_reply",
                                                      "quote",          "via_bot",
                                                      "reply_markup",   "caption_entities",
                                                      "entities",       "link_preview_options"};
    return std::ranges::find(fields, field) != fields.end();
}

// The member that holds what it is: "poll", "story"; empty: none does.
std::string kind_of_unsupported(const JsonView& message) {
    if (message.raw() == nullptr || !message.raw()->is_object()) return {};
    for (const auto& [field, value] : message.raw()->get_object())
        if ((value.is_object() || value.is_array()) && !is_of_the_envelope(field)) return std::string(field);
    return {};
}

// People see that something came, and its words where it has some.
void read_unsupported(Reading& reading) {
    reading.into.type = "unsupported";
    const std::string kind = kind_of_unsupported(reading.message);
    if (!kind.empty()) reading.content["kind"] = kind;
    for (const char* words : {"question", "title", "emoji", "text"})
        if (reading.into.text.empty() && !kind.empty()) reading.into.text = reading.message[kind][words].text_or("");
    if (reading.message.raw() != nullptr) reading.content["raw"] = *reading.message.raw();
}

// Whose words they are; people may hide it, then only a name is told.
std::string origin_of(const JsonView& origin) {
    for (std::string name : {full_name(origin["sender_user"]), origin["sender_user_name"].text_or(""),
                             origin["chat"]["title"].text_or(""), origin["sender_chat"]["title"].text_or("")})
        if (!name.empty()) return name;
    return {};
}

json::object surroundings_of(const JsonView& message) {
    json::object out;
    if (message["forward_origin"].is_there()) {
        out["forwarded"] = true;
        if (const std::string origin = origin_of(message["forward_origin"]); !origin.empty())
            out["forwarded_from"] = origin;
    }
    if (message["media_group_id"].is_there()) out["album"] = message["media_group_id"].text_or("");
    if (message["quote"]["text"].is_there()) out["quote"] = message["quote"]["text"].text_or("");
    return out;
}

}  // namespace

std::string with_links(const std::string& text, const JsonView& entities) {
    std::multimap<std::int64_t, std::string> links;  // where the words end, the address
    for (std::size_t i = 0; i < entities.size(); ++i) {
        const JsonView one = entities.at(i);
        if (one["type"].text_or("") != "text_link" || !one["url"].is_there()) continue;
        const auto begin = one["offset"].integer();
        const auto length = one["length"].integer();
        constexpr std::int64_t most = 1 << 30;
        if (begin && length && *begin >= 0 && *length > 0 && *begin < most && *length < most)
            links.emplace(*begin + *length, one["url"].text_or(""));
    }
    std::string out;
    std::int64_t unit = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        out += text.substr(at, length);
        at += length;
        unit += length == 4 ? 2 : 1;
        const auto [from, to] = links.equal_range(unit);
        for (auto link = from; link != to; ++link)
            out += " (" + link->second + ")";
    }
    return out;
}

void read_content(const JsonView& message, InboundMessage& into) {
    const bool is_text = message["text"].is_there();
    into.text = is_text ? with_links(message["text"].text_or(""), message["entities"])
                        : with_links(message["caption"].text_or(""), message["caption_entities"]);
    into.type = "text";
    Reading reading{message, into, surroundings_of(message)};
    if (!is_text) {
        const auto kind = std::ranges::find_if(kinds, [&](const Kind& one) { return message[one.field].is_there(); });
        if (kind != kinds.end()) kind->read(reading);
        if (into.type == "text") read_unsupported(reading);  // none of the known, or one without what it is made of
    }
    into.content = json::serialize(reading.content);
}

}  // namespace okno::telegram
