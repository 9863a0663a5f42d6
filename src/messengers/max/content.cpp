#include "messengers/max/parse.hpp"

#include <algorithm>
#include <array>

namespace okno::max {

namespace json = boost::json;

namespace {

constexpr int most_levels = 3;  // of forwarded messages in forwarded messages

Part file_part(const std::string& type, const std::string& id, const std::string& mime, const std::string& name = {}) {
    Part part{.type = type};
    part.media = MediaHint{type, id, name, mime, ""};
    return part;
}

std::optional<Part> image_of(const JsonView& attachment, const std::string&) {
    const std::string url = attachment["payload"]["url"].text_or("");
    if (url.empty()) return std::nullopt;
    return file_part("image", url, "image/jpeg");
}

// The address in it is of a player; the files are asked for by the token.
std::optional<Part> video_of(const JsonView& attachment, const std::string&) {
    const std::string token = attachment["payload"]["token"].text_or("");
    if (token.empty()) return std::nullopt;
    Part part = file_part("video", "video:" + token, "video/mp4");
    if (const auto duration = attachment["duration"].integer()) part.content["duration"] = *duration;
    return part;
}

std::optional<Part> audio_of(const JsonView& attachment, const std::string&) {
    const std::string url = attachment["payload"]["url"].text_or("");
    if (url.empty()) return std::nullopt;
    Part part = file_part("audio", url, "audio/ogg");
    part.content["voice"] = true;
    if (const auto words = attachment["transcription"].text()) part.content["transcription"] = *words;
    return part;
}

std::optional<Part> document_of(const JsonView& attachment, const std::string&) {
    const std::string url = attachment["payload"]["url"].text_or("");
    if (url.empty()) return std::nullopt;
    return file_part("document", url, "", attachment["filename"].text_or(""));
}

std::optional<Part> sticker_of(const JsonView& attachment, const std::string&) {
    const std::string url = attachment["payload"]["url"].text_or("");
    if (url.empty()) return std::nullopt;
    Part part = file_part("sticker", url, "image/webp");
    if (const auto code = attachment["payload"]["code"].text()) part.content["code"] = *code;
    return part;
}

std::optional<Part> place_of(const JsonView& attachment, const std::string&) {
    const auto latitude = attachment["latitude"].number();
    const auto longitude = attachment["longitude"].number();
    if (!latitude || !longitude) return std::nullopt;
    Part part{.type = "location"};
    part.content = {{"latitude", *latitude}, {"longitude", *longitude}};
    return part;
}

json::array named(const std::vector<std::string>& values, const char* name) {
    json::array out;
    for (const std::string& value : values)
        out.push_back(json::object{{name, value}});
    return out;
}

// The number is the sender's own only when the card is of them: anybody's card can be passed on.
std::optional<Part> contact_of(const JsonView& attachment, const std::string& sender) {
    const JsonView known = attachment["payload"]["max_info"];
    Card card = read_vcard(attachment["payload"]["vcf_info"].text_or(""));
    if (card.name.empty()) card.name = name_of_user(known);
    if (card.name.empty() && card.phones.empty()) return std::nullopt;
    const bool is_own = !sender.empty() && known["user_id"].text_or("") == sender;
    Part part{.type = "contacts", .text = card.name};
    json::object contact{{"name", json::object{{"formatted_name", card.name}}},
                         {"phones", named(card.phones, "phone")}};
    if (!card.emails.empty()) contact["emails"] = named(card.emails, "email");
    part.content = {{"contacts", json::array{std::move(contact)}}, {"is_own", is_own}};
    if (!is_own || card.phones.empty()) return part;
    for (const char c : card.phones.front())
        if (c >= '0' && c <= '9') part.own_phone += c;
    return part;
}

std::optional<Part> shared_of(const JsonView& attachment, const std::string&) {
    const std::string title = attachment["title"].text_or("");
    const std::string url = attachment["payload"]["url"].text_or("");
    if (title.empty() && url.empty()) return std::nullopt;
    Part part;
    part.text = title + (title.empty() || url.empty() ? "" : "\n") + url;
    part.content = {{"kind", "share"}, {"title", title}, {"url", url}};
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
    std::optional<Part> (*read)(const JsonView& attachment, const std::string& sender);
};
constexpr std::array readers{Reader{"image", image_of},     Reader{"video", video_of},     Reader{"audio", audio_of},
                             Reader{"file", document_of},   Reader{"sticker", sticker_of}, Reader{"location", place_of},
                             Reader{"contact", contact_of}, Reader{"share", shared_of}};

// What stands under a message or repeats what its text says is no part of what was said.
bool is_ornament(const JsonView& attachment, const std::string& text) {
    const std::string kind = attachment["type"].text_or("");
    if (kind == "inline_keyboard" || kind == "reply_keyboard") return true;
    const std::string url = attachment["payload"]["url"].text_or("");
    return kind == "share" && !url.empty() && text.find(url) != std::string::npos;
}

Part part_of(const JsonView& attachment, const std::string& sender) {
    const std::string kind = attachment["type"].text_or("");
    const auto reader = std::ranges::find(readers, kind, &Reader::kind);
    const std::optional<Part> part = reader == readers.end() ? std::nullopt : reader->read(attachment, sender);
    return part ? *part : unsupported(kind, attachment);
}

// `forwarded` empty: it was written here.
void append_parts(const JsonView& body, const std::string& sender, const json::value& forwarded,
                  std::vector<Part>& out) {
    const std::size_t first = out.size();
    const std::string text = with_links(body["text"].text_or(""), body["markup"]);
    const JsonView attachments = body["attachments"];
    for (std::size_t i = 0; i < attachments.size() && out.size() < most_parts; ++i)
        if (!is_ornament(attachments.at(i), text)) out.push_back(part_of(attachments.at(i), sender));
    if (out.size() == first && !text.empty() && out.size() < most_parts)
        out.push_back({.text = text});
    else if (out.size() > first && !text.empty())
        out[first].text = out[first].text.empty() ? text : text + "\n\n" + out[first].text;
    if (forwarded.is_null()) return;
    for (std::size_t i = first; i < out.size(); ++i)
        out[i].content["forwarded"] = forwarded;
}

json::value author_of(const JsonView& link) {
    const std::string name = name_of_user(link["sender"]);
    return name.empty() ? json::value(true) : json::value(name);
}

}  // namespace

std::vector<Part> parts_of(const JsonView& message) {
    std::vector<Part> out;
    append_parts(message["body"], message["sender"]["user_id"].text_or(""), nullptr, out);
    JsonView link = message["link"];
    for (int level = 0; level < most_levels && link["type"].text_or("") == "forward"; ++level) {
        append_parts(link["message"], {}, author_of(link), out);
        link = link["message"]["link"];
    }
    if (out.empty()) out.push_back(unsupported("empty", message));
    return out;
}

// Places are told in UTF-16 units, as clients count them.
std::string with_links(const std::string& text, const JsonView& markup) {
    std::vector<std::pair<std::int64_t, std::string>> links;  // where the words end, the address
    for (std::size_t i = 0; i < markup.size(); ++i) {
        const JsonView one = markup.at(i);
        const std::string url = one["url"].text_or("");
        if (one["type"].text_or("") != "link" || url.empty()) continue;
        links.emplace_back(one["from"].integer().value_or(0) + one["length"].integer().value_or(0), url);
    }
    if (links.empty()) return text;
    std::string out;
    std::int64_t unit = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        out += text.substr(at, length);
        at += length;
        unit += length == 4 ? 2 : 1;
        for (const auto& [end, url] : links)
            if (end == unit && !out.ends_with(url)) out += " (" + url + ")";
    }
    return out;
}

}  // namespace okno::max
