#include "messengers/vk/parse.hpp"

#include <algorithm>
#include <array>

namespace okno::vk {

namespace json = boost::json;

namespace {

constexpr std::size_t most_parts = 60;
constexpr int most_levels = 4;  // of forwarded messages in forwarded messages

std::string own_name(const JsonView& object) { return object["owner_id"].text_or("") + "_" + object["id"].text_or(""); }

Part file_part(const std::string& type, const std::string& url, const std::string& mime, const std::string& name = {}) {
    Part part{.type = type};
    part.media = MediaHint{type, url, name, mime, ""};
    return part;
}

std::string widest(const JsonView& sizes, std::int64_t most = 100'000) {
    std::string url;
    std::int64_t best = -1;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const std::int64_t width = sizes.at(i)["width"].integer().value_or(0);
        if (width < best || width > most || !sizes.at(i)["url"].is_there()) continue;
        best = width;
        url = sizes.at(i)["url"].text_or("");
    }
    return url;
}

std::optional<Part> photo_of(const JsonView& photo) {
    const std::string url = widest(photo["sizes"]);
    if (url.empty()) return std::nullopt;
    return file_part("image", url, "image/jpeg");
}

std::optional<Part> document_of(const JsonView& doc) {
    if (!doc["url"].is_there()) return std::nullopt;
    std::string name = doc["title"].text_or("");
    const std::string ending = "." + doc["ext"].text_or("");
    if (ending.size() > 1 && !name.ends_with(ending)) name += ending;
    return file_part("document", doc["url"].text_or(""), "", name);
}

std::optional<Part> voice_of(const JsonView& voice) {
    const bool is_ogg = voice["link_ogg"].is_there();
    const std::string url = voice[is_ogg ? "link_ogg" : "link_mp3"].text_or("");
    if (url.empty()) return std::nullopt;
    Part part = file_part("audio", url, is_ogg ? "audio/ogg" : "audio/mpeg");
    part.content["voice"] = true;
    if (const auto duration = voice["duration"].integer()) part.content["duration"] = *duration;
    return part;
}

std::optional<Part> sticker_of(const JsonView& sticker) {
    constexpr std::int64_t large_enough = 512;
    const std::string url = widest(sticker["images"], large_enough);
    if (url.empty()) return std::nullopt;
    return file_part("sticker", url, "image/png");
}

std::optional<Part> graffiti_of(const JsonView& graffiti) {
    if (!graffiti["url"].is_there()) return std::nullopt;
    return file_part("image", graffiti["url"].text_or(""), "image/png");
}

// What has no file for us is a line with its title and one with its link.
std::optional<Part> note_of(const std::string& kind, const JsonView& object) {
    std::string title = object["title"].text_or(object["question"].text_or(object["text"].text_or("")));
    if (kind == "audio" && object["artist"].is_there()) title = object["artist"].text_or("") + " – " + title;
    std::string url = object["url"].text_or("");
    constexpr std::array<std::string_view, 5> linked{"video", "wall", "market", "poll", "story"};
    const bool has_name = object["owner_id"].is_there() && object["id"].is_there();
    if (std::ranges::find(linked, kind) != linked.end() && has_name)
        url = "https://vk.com/" + (kind == "market" ? "product" : kind) + own_name(object);
    if (kind == "audio") url.clear();  // of the player alone, and short-lived
    if (title.empty() && url.empty()) return std::nullopt;
    Part part;
    part.text = title + (title.empty() || url.empty() ? "" : "\n") + url;
    part.content = {{"kind", kind}};
    if (!title.empty()) part.content["title"] = title;
    if (!url.empty()) part.content["url"] = url;
    return part;
}

Part unsupported(const std::string& kind, const JsonView& whole) {
    Part part{.type = "unsupported"};
    part.content = {{"kind", kind}};
    if (whole.raw() != nullptr) part.content["raw"] = *whole.raw();
    return part;
}

struct Reader {
    std::string_view kind;
    std::optional<Part> (*read)(const JsonView&);
};
constexpr std::array readers{Reader{"photo", photo_of}, Reader{"doc", document_of}, Reader{"audio_message", voice_of},
                             Reader{"sticker", sticker_of}, Reader{"graffiti", graffiti_of}};

Part part_of(const JsonView& attachment) {
    const std::string kind = attachment["type"].text_or("");
    const JsonView own = attachment[kind];
    const auto reader = std::ranges::find(readers, kind, &Reader::kind);
    const std::optional<Part> part = reader == readers.end() ? note_of(kind, own) : reader->read(own);
    return part ? *part : unsupported(kind, attachment);
}

std::optional<Part> place_of(const JsonView& geo) {
    const auto latitude = geo["coordinates"]["latitude"].number();
    const auto longitude = geo["coordinates"]["longitude"].number();
    if (!latitude || !longitude) return std::nullopt;
    Part part{.type = "location"};
    part.content = {{"latitude", *latitude}, {"longitude", *longitude}};
    if (const auto name = geo["place"]["title"].text()) part.content["name"] = *name;
    return part;
}

// A press is told as a message with the button's words.
Part words_of(const JsonView& message) {
    Part part;
    part.text = message["text"].text_or("");
    if (!message["payload"].is_there()) return part;
    part.type = "button";
    part.content = {{"payload", choice_in(message["payload"])}, {"text", part.text}};
    return part;
}

void append_parts(const JsonView& message, int level, std::vector<Part>& out) {
    const std::size_t first = out.size();
    for (std::size_t i = 0; i < message["attachments"].size() && out.size() < most_parts; ++i)
        out.push_back(part_of(message["attachments"].at(i)));
    if (const auto place = place_of(message["geo"])) out.push_back(*place);
    const std::string text = message["text"].text_or("");
    if (out.size() == first) {
        if (!text.empty()) out.push_back(words_of(message));
    } else if (!text.empty()) {
        out[first].text = out[first].text.empty() ? text : text + "\n\n" + out[first].text;
    }
    if (level > 0)
        for (std::size_t i = first; i < out.size(); ++i)
            out[i].content["forwarded"] = true;
    if (level >= most_levels) return;
    for (std::size_t i = 0; i < message["fwd_messages"].size() && out.size() < most_parts; ++i)
        append_parts(message["fwd_messages"].at(i), level + 1, out);
}

}  // namespace

std::vector<Part> parts_of(const JsonView& message) {
    std::vector<Part> out;
    append_parts(message, 0, out);
    if (out.empty()) out.push_back(unsupported("empty", message));
    return out;
}

std::string choice_in(const JsonView& payload) {
    const json::value* raw = payload.raw();
    if (raw == nullptr || raw->is_null()) return {};
    if (raw->is_object()) {
        const bool is_ours = raw->get_object().size() == 1 && payload["b"].is_there();
        return is_ours ? payload["b"].text_or("") : json::serialize(*raw);
    }
    const std::string text = payload.text_or("");
    const auto inner = parse_json(text);
    return inner && inner->is_object() ? choice_in(JsonView(*inner)) : text;
}

}  // namespace okno::vk
