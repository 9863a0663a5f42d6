#include "messengers/meta/parse.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace okno::meta {

namespace json = boost::json;

namespace {

constexpr std::size_t most_parts = 60;

struct FileKind {
    std::string_view of;
    const char* type;
};
constexpr std::array files{FileKind{"image", "image"}, FileKind{"video", "video"}, FileKind{"audio", "audio"},
                           FileKind{"file", "document"}, FileKind{"story_mention", "image"}};

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view digits = text[i] == '%' ? text.substr(i + 1, 2) : std::string_view();
        int code = 0;
        const bool is_escape = digits.size() == 2 &&
                               std::from_chars(digits.begin(), digits.end(), code, 16).ptr == digits.end() && code > 0;
        out += is_escape ? static_cast<char>(code) : text[i];
        if (is_escape) i += 2;
    }
    return printable(out);
}

// "prices.pdf" of an address that ends in it; empty when it does not look like a name.
std::string name_in(const std::string& url) {
    const std::string path = url.substr(0, url.find_first_of("?#"));
    const std::string last = path.substr(path.rfind('/') + 1);
    return last.find('.') == std::string::npos ? std::string() : decoded(last);
}

Part file_part(const std::string& type, const std::string& url, const std::string& name = {}) {
    Part part{.type = type};
    part.media = MediaHint{type, url, name, "", ""};
    return part;
}

Part unsupported(const std::string& kind, const JsonView& whole) {
    Part part{.type = "unsupported"};
    part.content = {{"kind", kind}};
    if (whole.raw() != nullptr) part.content["raw"] = *whole.raw();
    return part;
}

std::optional<Part> place_of(const JsonView& payload) {
    const auto latitude = payload["coordinates"]["lat"].number();
    const auto longitude = payload["coordinates"]["long"].number();
    if (!latitude || !longitude) return std::nullopt;
    Part part{.type = "location"};
    part.content = {{"latitude", *latitude}, {"longitude", *longitude}};
    return part;
}

// What has no file for us is a line with its title and one with its link.
std::optional<Part> note_of(const std::string& kind, const JsonView& attachment) {
    const JsonView payload = attachment["payload"];
    const std::string title = attachment["title"].text_or(payload["title"].text_or(""));
    const std::string url = attachment["url"].text_or(payload["url"].text_or(payload["link"].text_or("")));
    if (title.empty() && url.empty()) return std::nullopt;
    Part part;
    part.text = title + (title.empty() || url.empty() ? "" : "\n") + url;
    part.content = {{"kind", kind}};
    if (!title.empty()) part.content["title"] = title;
    if (!url.empty()) part.content["url"] = url;
    return part;
}

Part part_of(const JsonView& attachment) {
    const std::string kind = attachment["type"].text_or("");
    const JsonView payload = attachment["payload"];
    const std::string url = payload["url"].text_or("");
    if (kind == "like_heart") return Part{.text = "❤️", .content = {{"kind", kind}}};
    if (kind == "location")
        if (const auto place = place_of(payload)) return *place;
    if (payload["sticker_id"].is_there() && !url.empty()) {
        Part sticker = file_part("sticker", url);
        sticker.content = {{"sticker_id", payload["sticker_id"].text_or("")}};
        return sticker;
    }
    const auto file = std::ranges::find(files, kind, &FileKind::of);
    if (file != files.end() && !url.empty()) {
        Part part = file_part(file->type, url, kind == "file" ? name_in(url) : std::string());
        if (kind == "story_mention") part.content = {{"kind", kind}};
        return part;
    }
    const auto note = file == files.end() ? note_of(kind, attachment) : std::nullopt;
    return note ? *note : unsupported(kind, attachment);
}

// Until the end of August 2026 a sticker came twice: as what it is, and as a picture for those who do not know it.
bool is_double(const JsonView& attachment, const JsonView& all) {
    if (attachment["type"].text_or("") != "sticker") return false;
    const std::string id = attachment["payload"]["sticker_id"].text_or("");
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all.at(i)["type"].text_or("") == "image" && all.at(i)["payload"]["sticker_id"].text_or("") == id)
            return true;
    return false;
}

// A press is told as a message with the button's words.
Part words_of(const JsonView& message) {
    Part part;
    part.text = message["text"].text_or("");
    const JsonView pressed = message["quick_reply"];
    if (!pressed.is_there()) return part;
    part.type = "button";
    part.content = {{"payload", pressed["payload"].text_or("")}, {"text", part.text}};
    return part;
}

// An answer to a story of ours or of theirs quotes what will be gone tomorrow, so its address stands with the words.
void add_story(const JsonView& story, Part& to) {
    if (!story.is_there()) return;
    const std::string url = story["url"].text_or("");
    to.content["kind"] = "story_reply";
    if (!url.empty()) {
        to.content["url"] = url;
        to.text += (to.text.empty() ? "" : "\n") + url;
    }
}

}  // namespace

std::vector<Part> parts_of(const JsonView& message) {
    std::vector<Part> out;
    if (message["is_unsupported"].boolean().value_or(false)) return {unsupported("unknown", message)};
    const JsonView attachments = message["attachments"];
    const std::string text = message["text"].text_or("");
    for (std::size_t i = 0; i < attachments.size() && out.size() < most_parts; ++i) {
        const JsonView one = attachments.at(i);
        const bool is_preview = one["type"].text_or("") == "fallback" && !text.empty();  // of a link in the text
        if (!is_preview && !is_double(one, attachments)) out.push_back(part_of(one));
    }
    if (out.empty()) {
        if (!text.empty() || message["quick_reply"].is_there()) out.push_back(words_of(message));
    } else if (!text.empty()) {
        out.front().text = out.front().text.empty() ? text : text + "\n\n" + out.front().text;
    }
    if (out.empty() && !message["reply_to"]["story"].is_there()) out.push_back(unsupported("empty", message));
    if (out.empty()) out.emplace_back();
    add_story(message["reply_to"]["story"], out.front());
    return out;
}

}  // namespace okno::meta
