#include "messengers/viber/content.hpp"

#include "messengers/viber/welcome.hpp"

#include <algorithm>
#include <array>

namespace okno::viber {

namespace json = boost::json;

namespace {

// A pressed button comes as the text that we put there.
bool is_press(const std::string& text, const Tracking& tracking) {
    return tracking.has_choices && text.starts_with(press_mark);
}

void read_press(const std::string& text, const Tracking& tracking, InboundMessage& into) {
    const std::string id = text.substr(std::string_view(press_mark).size());
    const auto found = std::ranges::find(tracking.choices, id, &Choice::id);
    into.type = "button";
    into.text = found == tracking.choices.end() ? id : found->title;
    into.content = json::serialize(json::object{{"payload", id}, {"text", into.text}});
    if (const std::string token = token_in(id); !token.empty()) into.referral = token;
}

void read_text(const JsonView& message, const Tracking& tracking, InboundMessage& into) {
    const std::string text = message["text"].text_or("");
    if (is_press(text, tracking)) return read_press(text, tracking, into);
    into.type = "text";
    into.text = text;
}

bool is_sound(std::string_view name) {
    constexpr std::array<std::string_view, 5> endings{".m4a", ".mp3", ".ogg", ".aac", ".amr"};
    return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

void read_file(const JsonView& message, const std::string& kind, const std::string& mime, InboundMessage& into) {
    const std::string name = message["file_name"].text_or("");
    into.type = kind;
    into.text = message["text"].text_or("");
    into.media = MediaHint{kind, message["media"].text_or(""), name, mime, ""};
    if (const auto duration = message["duration"].integer())
        into.content = json::serialize(json::object{{"duration", *duration}});
}

// A voice message is a file of sound.
void read_document(const JsonView& message, InboundMessage& into) {
    const std::string name = message["file_name"].text_or("");
    const bool is_voice = name.ends_with(".m4a");
    read_file(message, is_sound(name) ? "audio" : "document", is_voice ? "audio/mp4" : "", into);
}

void read_card(const JsonView& message, const Tracking& tracking, InboundMessage& into) {
    const JsonView contact = message["contact"];
    const std::string phone = contact["phone_number"].text_or("");
    into.type = "contacts";
    into.text = contact["name"].text_or("");
    json::object card{{"name", json::object{{"formatted_name", into.text}}}};
    if (!phone.empty()) card["phones"] = json::array{json::object{{"phone", phone}}};
    // It may be a card of somebody else all the same: whose number it is nobody says.
    into.content =
        json::serialize(json::object{{"contacts", json::array{std::move(card)}}, {"is_own", tracking.asks_phone}});
}

bool read_place(const JsonView& message, InboundMessage& into) {
    const auto latitude = message["location"]["lat"].number();
    const auto longitude = message["location"]["lon"].number();
    if (!latitude || !longitude) return false;
    json::object place{{"latitude", *latitude}, {"longitude", *longitude}};
    if (const std::string address = message["location"]["address"].text_or(""); !address.empty())
        place["address"] = address;
    into.type = "location";
    into.content = json::serialize(place);
    return true;
}

void read_link(const JsonView& message, InboundMessage& into) {
    const std::string url = message["media"].text_or("");
    const std::string words = message["text"].text_or("");
    into.type = "text";
    into.text = words.empty() || words == url ? url : words + "\n" + url;
    into.content = json::serialize(json::object{{"kind", "link"}, {"url", url}});
}

void read_sticker(const std::string& id, InboundMessage& into) {
    into.type = "sticker";
    into.media = MediaHint{"sticker", "sticker:" + id, "", "image/png", ""};
    into.content = json::serialize(json::object{{"sticker_id", id}});
}

bool is_number(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// False: it is of a kind that we do not know, or what makes it one is missing.
bool read_known(const JsonView& message, const Tracking& tracking, InboundMessage& into) {
    const std::string type = message["type"].text_or("");
    if (type == "text" && message["text"].is_there()) return read_text(message, tracking, into), true;
    if (type == "contact" && message["contact"].is_there()) return read_card(message, tracking, into), true;
    if (type == "location") return read_place(message, into);
    const std::string sticker = message["sticker_id"].text_or("");
    if (type == "sticker" && is_number(sticker)) return read_sticker(sticker, into), true;
    if (!message["media"].is_there()) return false;
    if (type == "picture") return read_file(message, "image", "image/jpeg", into), true;
    if (type == "video") return read_file(message, "video", "video/mp4", into), true;
    if (type == "file") return read_document(message, into), true;
    if (type == "url") return read_link(message, into), true;
    return false;
}

}  // namespace

void read_content(const JsonView& message, const Tracking& tracking, InboundMessage& into) {
    into.referral = tracking.token;
    if (read_known(message, tracking, into)) return;
    json::object content{{"kind", message["type"].text_or("unknown")}};
    if (message.raw() != nullptr) content["raw"] = *message.raw();
    into.type = "unsupported";
    into.content = json::serialize(content);
}

}  // namespace okno::viber
