#include "messengers/gateway/parse.hpp"

#include <array>
#include <cstdlib>

namespace okno::gateway {

namespace json = boost::json;

namespace {

std::string kind_of_mime(std::string_view mime) {
    if (mime.starts_with("image/webp")) return "sticker";
    for (const std::string_view kind : {"image", "video", "audio"})
        if (mime.starts_with(kind)) return std::string(kind);
    return "document";
}

// Engines tell the kind of a file that is not there in ways of their own.
std::string kind_of_raw(const JsonView& raw) {
    const JsonView parts = raw["message"].is_there() ? raw["message"] : raw["Message"];
    for (const auto& [member, kind] : {std::pair{"imageMessage", "image"},
                                       {"videoMessage", "video"},
                                       {"audioMessage", "audio"},
                                       {"stickerMessage", "sticker"}})
        if (parts[member].is_there()) return kind;
    const std::string type = raw["type"].text_or("");
    if (type == "ptt") return "audio";
    for (const std::string_view kind : {"image", "video", "audio", "sticker"})
        if (type == kind) return type;
    return "document";
}

// The address, and how to ask for the file anew once the gateway has removed it.
std::string file_name_of(const std::string& url, const std::string& chat, const std::string& id) {
    return url + std::string(by_message) + chat + "/" + id;
}

Content file_of(const JsonView& message) {
    const JsonView media = message["media"];
    const std::string mime = media["mimetype"].text_or("");
    Content out;
    out.text = message["body"].text_or("");
    MediaHint hint;
    const bool is_ours = message["fromMe"].boolean().value_or(false);
    hint.provider_id = file_name_of(media["error"].is_there() ? "" : media["url"].text_or(""),
                                    message[is_ours ? "to" : "from"].text_or(""), message["id"].text_or(""));
    out.type = mime.empty() ? kind_of_raw(message["_data"]) : kind_of_mime(mime);
    hint.kind = out.type;
    hint.name = media["filename"].text_or("");
    hint.mime = mime.substr(0, mime.find(';'));
    if (out.type == "audio" && mime.find("opus") != std::string::npos) out.more["voice"] = true;
    out.media = std::move(hint);
    return out;
}

std::optional<double> degrees(const JsonView& text) {
    if (const auto number = text.number()) return number;
    const std::string written = text.text_or("");
    char* end = nullptr;
    const double value = std::strtod(written.c_str(), &end);
    return written.empty() || *end != '\0' ? std::nullopt : std::optional(value);
}

std::optional<Content> place_of(const JsonView& location) {
    const auto latitude = degrees(location["latitude"]);
    const auto longitude = degrees(location["longitude"]);
    if (!latitude || !longitude) return std::nullopt;
    Content out{.type = "location"};
    out.more = {{"latitude", *latitude}, {"longitude", *longitude}};
    for (const auto& [theirs, ours] : {std::pair{"name", "name"}, {"address", "address"}, {"description", "address"}})
        if (const std::string text = location[theirs].text_or(""); !text.empty()) out.more[ours] = text;
    if (location["live"].boolean().value_or(false)) out.more["live"] = true;
    return out;
}

// The value behind the first colon of a line "NAME..." or "item1.NAME..."; empty: it is another line.
std::string value_in(std::string_view line, std::string_view name) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return {};
    std::string_view key = line.substr(0, line.find_first_of(":;"));
    if (const std::size_t dot = key.find('.'); dot != std::string_view::npos) key.remove_prefix(dot + 1);
    return key == name ? std::string(line.substr(colon + 1)) : std::string();
}

json::object card_of(std::string_view vcard) {
    json::object name;
    json::array phones;
    json::array emails;
    while (!vcard.empty()) {
        const std::size_t end = std::min(vcard.find('\n'), vcard.size());
        std::string_view line = vcard.substr(0, end);
        vcard.remove_prefix(std::min(end + 1, vcard.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (const std::string full = value_in(line, "FN"); !full.empty()) name["formatted_name"] = full;
        if (const std::string phone = value_in(line, "TEL"); !phone.empty())
            phones.push_back(json::object{{"phone", phone}});
        if (const std::string email = value_in(line, "EMAIL"); !email.empty())
            emails.push_back(json::object{{"email", email}});
    }
    json::object out{{"name", std::move(name)}};
    if (!phones.empty()) out["phones"] = std::move(phones);
    if (!emails.empty()) out["emails"] = std::move(emails);
    return out;
}

Content cards_of(const JsonView& vcards) {
    Content out{.type = "contacts"};
    json::array cards;
    for (std::size_t i = 0; i < vcards.size(); ++i)
        cards.push_back(card_of(vcards.at(i).text_or("")));
    if (const json::value* first = cards.at(0).as_object().at("name").as_object().if_contains("formatted_name"))
        out.text = std::string(first->as_string());
    out.more["contacts"] = std::move(cards);
    return out;
}

// The advertisement that led the person here, as WhatsApp's own program tells it.
JsonView advertisement_of(const JsonView& message) {
    return message["_data"]["message"]["extendedTextMessage"]["contextInfo"]["externalAdReply"];
}

}  // namespace

Content content_of(const JsonView& message) {
    if (message["vCards"].size() > 0) return cards_of(message["vCards"]);
    if (message["location"].is_there())
        if (auto place = place_of(message["location"])) return *place;
    if (message["hasMedia"].boolean().value_or(false)) return file_of(message);
    Content out;
    out.text = message["body"].text_or("");
    if (const JsonView advertisement = advertisement_of(message); advertisement["sourceUrl"].is_there())
        out.more["referral"] = advertisement["sourceUrl"].text_or("");
    if (!out.text.empty()) return out;
    out.type = "unsupported";
    out.more["kind"] = message["_data"]["type"].text_or("empty");
    return out;
}

}  // namespace okno::gateway
