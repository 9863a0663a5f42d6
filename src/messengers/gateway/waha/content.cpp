#include "messengers/gateway/waha/waha.hpp"

#include <utility>

namespace okno::gateway::waha {

namespace json = boost::json;

namespace {

// Engines tell the kind of a file that is not there in ways of their own.
std::string kind_of_raw(const JsonView& raw) {
    const JsonView parts = raw["message"].is_there() ? raw["message"] : raw["Message"];
    for (const auto& [member, kind] : {std::pair{"imageMessage", "image"},
                                       {"videoMessage", "video"},
                                       {"audioMessage", "audio"},
                                       {"stickerMessage", "sticker"}})
        if (parts[member].is_there()) return kind;
    std::string type = raw["type"].text_or("");
    if (type == "ptt") return "audio";
    for (const std::string_view kind : {"image", "video", "audio", "sticker"})
        if (type == kind) return type;
    return "document";
}

// Its address, and how to ask for it anew once the gateway has removed it.
Content file_of(const JsonView& message) {
    const JsonView media = message["media"];
    const std::string mime = media["mimetype"].text_or("");
    const bool is_ours = message["fromMe"].boolean().value_or(false);
    const FileName at{media["error"].is_there() ? "" : media["url"].text_or(""),
                      message[is_ours ? "to" : "from"].text_or(""), message["id"].text_or("")};
    return file_content(mime.empty() ? kind_of_raw(message["_data"]) : kind_of_mime(mime), mime,
                        media["filename"].text_or(""), message["body"].text_or(""), at);
}

std::optional<Content> place_of(const JsonView& location) {
    json::object more;
    for (const auto& [theirs, ours] : {std::pair{"name", "name"}, {"address", "address"}, {"description", "address"}})
        if (const std::string text = location[theirs].text_or(""); !text.empty()) more[ours] = text;
    if (location["live"].boolean().value_or(false)) more["live"] = true;
    return place_content(location["latitude"], location["longitude"], std::move(more));
}

std::vector<std::string> cards_of(const JsonView& vcards) {
    std::vector<std::string> out;
    out.reserve(vcards.size());
    for (std::size_t i = 0; i < vcards.size(); ++i)
        out.push_back(vcards.at(i).text_or(""));
    return out;
}

// The advertisement that led the person here, as WhatsApp's own program tells it.
JsonView advertisement_of(const JsonView& message) {
    return message["_data"]["message"]["extendedTextMessage"]["contextInfo"]["externalAdReply"];
}

}  // namespace

Content content_of(const JsonView& message) {
    if (message["vCards"].size() > 0) return cards_content(cards_of(message["vCards"]));
    if (message["location"].is_there())
        if (auto place = place_of(message["location"])) return *place;
    if (message["hasMedia"].boolean().value_or(false)) return file_of(message);
    Content out;
    out.text = message["body"].text_or("");
    if (const JsonView advertisement = advertisement_of(message); advertisement["sourceUrl"].is_there())
        out.more["referral"] = advertisement["sourceUrl"].text_or("");
    if (!out.text.empty()) return out;
    return unknown_content(message["_data"]["type"].text_or("empty"));
}

}  // namespace okno::gateway::waha
