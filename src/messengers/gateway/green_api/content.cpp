#include "messengers/gateway/green_api/green_api.hpp"

#include <utility>

namespace okno::gateway::green_api {

namespace json = boost::json;

namespace {

Content text_of(std::string text) {
    Content out;
    out.text = std::move(text);
    return out;
}

std::optional<std::string> kind_of_file(std::string_view type) {
    for (const auto& [theirs, ours] : {std::pair{"imageMessage", "image"},
                                       {"videoMessage", "video"},
                                       {"audioMessage", "audio"},
                                       {"documentMessage", "document"},
                                       {"stickerMessage", "sticker"}})
        if (type == theirs) return ours;
    return std::nullopt;
}

Content file_of(const std::string& kind, const JsonView& file, const FileName& at) {
    return file_content(kind, file["mimeType"].text_or(""), file["fileName"].text_or(""), file["caption"].text_or(""),
                        at);
}

std::optional<Content> place_of(const JsonView& location) {
    json::object more;
    for (const auto& [theirs, ours] : {std::pair{"nameLocation", "name"}, {"address", "address"}})
        if (const std::string text = location[theirs].text_or(""); !text.empty()) more[ours] = text;
    return place_content(location["latitude"], location["longitude"], std::move(more));
}

std::vector<std::string> cards_in(const JsonView& data) {
    std::vector<std::string> out;
    if (data["contactMessageData"].is_there()) out.push_back(data["contactMessageData"]["vcard"].text_or(""));
    for (const JsonView& list : {data["contacts"], data["contactsArrayMessageData"]["contacts"]})
        for (std::size_t i = 0; i < list.size(); ++i)
            out.push_back(list.at(i)["vcard"].text_or(""));
    return out;
}

Content poll_of(const JsonView& poll) {
    std::vector<std::string> options;
    for (std::size_t i = 0; i < poll["options"].size(); ++i)
        options.push_back(poll["options"].at(i)["optionName"].text_or(""));
    return poll_content(poll["name"].text_or(""), options);
}

// Whatever has words: texts, quotes, presses of buttons and lists. Empty: none of these.
std::string words_in(const JsonView& data) {
    for (const JsonView& place :
         {data["textMessageData"]["textMessage"], data["extendedTextMessageData"]["text"],
          data["templateButtonReplyMessage"]["selectedDisplayText"],
          data["buttonsResponseMessage"]["selectedButtonText"],
          data["interactiveButtonsResponse"]["selectedDisplayText"], data["listResponseMessage"]["title"]})
        if (std::string text = place.text_or(""); !text.empty()) return text;
    return {};
}

}  // namespace

Content content_of(const JsonView& data, const std::string& chat, const std::string& id) {
    const std::string type = data["typeMessage"].text_or("");
    const JsonView file = data["fileMessageData"];
    if (const auto kind = kind_of_file(type)) return file_of(*kind, file, {file["downloadUrl"].text_or(""), chat, id});
    if (type == "locationMessage")
        if (auto place = place_of(data["locationMessageData"])) return *place;
    if (const auto cards = cards_in(data); !cards.empty()) return cards_content(cards);
    if (type == "pollMessage") return poll_of(data["pollMessageData"]);
    if (std::string words = words_in(data); !words.empty()) return text_of(std::move(words));
    // A quoted reply may be a file too, then told by its own fields.
    if (file["downloadUrl"].is_there())
        return file_of(kind_of_mime(file["mimeType"].text_or("")), file, {file["downloadUrl"].text_or(""), chat, id});
    return unknown_content(type.empty() ? "empty" : type);
}

}  // namespace okno::gateway::green_api
