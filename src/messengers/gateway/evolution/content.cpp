#include "messengers/gateway/evolution/evolution.hpp"

#include <array>
#include <utility>

namespace okno::gateway::evolution {

namespace json = boost::json;

namespace {

struct Kind {
    const char* member;
    const char* type;
};
constexpr std::array<Kind, 6> files{{{"imageMessage", "image"},
                                     {"videoMessage", "video"},
                                     {"ptvMessage", "video"},
                                     {"audioMessage", "audio"},
                                     {"documentMessage", "document"},
                                     {"stickerMessage", "sticker"}}};

// Its bytes are asked for by the message: the address that it names leads to what only WhatsApp can read.
Content file_of(const char* type, const JsonView& file, const std::string& chat, const std::string& id) {
    const JsonView name = file["fileName"].is_there() ? file["fileName"] : file["title"];
    Content out =
        file_content(type, file["mimetype"].text_or(""), name.text_or(""), file["caption"].text_or(""), {{}, chat, id});
    if (file["ptt"].boolean().value_or(false)) out.more["voice"] = true;
    return out;
}

std::optional<Content> place_of(const JsonView& location, bool is_live) {
    json::object more;
    for (const std::string_view member : {"name", "address"})
        if (const std::string text = location[member].text_or(""); !text.empty()) more[member] = text;
    if (is_live) more["live"] = true;
    return place_content(location["degreesLatitude"], location["degreesLongitude"], std::move(more));
}

std::vector<std::string> cards_in(const JsonView& message) {
    std::vector<std::string> out;
    if (message["contactMessage"].is_there()) out.push_back(message["contactMessage"]["vcard"].text_or(""));
    const JsonView list = message["contactsArrayMessage"]["contacts"];
    for (std::size_t i = 0; i < list.size(); ++i)
        out.push_back(list.at(i)["vcard"].text_or(""));
    return out;
}

JsonView poll_in(const JsonView& message) {
    for (const char* member : {"pollCreationMessage", "pollCreationMessageV2"})
        if (message[member].is_there()) return message[member];
    return message["pollCreationMessageV3"];
}

Content poll_of(const JsonView& poll) {
    std::vector<std::string> options;
    for (std::size_t i = 0; i < poll["options"].size(); ++i)
        options.push_back(poll["options"].at(i)["optionName"].text_or(""));
    return poll_content(poll["name"].text_or(""), options);
}

std::string words_in(const JsonView& message) {
    for (const JsonView& place :
         {message["conversation"], message["extendedTextMessage"]["text"],
          message["buttonsResponseMessage"]["selectedDisplayText"],
          message["templateButtonReplyMessage"]["selectedDisplayText"], message["listResponseMessage"]["title"]})
        if (std::string text = place.text_or(""); !text.empty()) return text;
    return {};
}

std::string first_member(const JsonView& message) {
    const json::value* raw = message.raw();
    if (raw != nullptr && raw->is_object())
        for (const auto& member : raw->get_object())
            if (member.key() != "messageContextInfo") return std::string(member.key());
    return "empty";
}

}  // namespace

JsonView unwrapped(const JsonView& message) {
    constexpr int most = 4;
    JsonView out = message;
    for (int i = 0; i < most; ++i) {
        bool is_wrapped = false;
        for (const char* member : {"ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2",
                                   "documentWithCaptionMessage", "editedMessage"})
            if (!is_wrapped && out[member]["message"].is_there()) {
                out = out[member]["message"];
                is_wrapped = true;
            }
        if (!is_wrapped) break;
    }
    return out;
}

JsonView context_of(const JsonView& data) {
    const JsonView message = unwrapped(data["message"]);
    for (const char* member : {"extendedTextMessage", "imageMessage", "videoMessage", "audioMessage", "documentMessage",
                               "stickerMessage", "locationMessage", "contactMessage", "buttonsResponseMessage",
                               "templateButtonReplyMessage", "listResponseMessage"})
        if (message[member]["contextInfo"].is_there()) return message[member]["contextInfo"];
    return data["contextInfo"];
}

Content content_of(const JsonView& message, const JsonView& context, const std::string& chat, const std::string& id) {
    for (const Kind& kind : files)
        if (message[kind.member].is_there()) return file_of(kind.type, message[kind.member], chat, id);
    for (const auto& [member, is_live] : {std::pair{"locationMessage", false}, {"liveLocationMessage", true}})
        if (message[member].is_there())
            if (auto place = place_of(message[member], is_live)) return *place;
    if (const auto cards = cards_in(message); !cards.empty()) return cards_content(cards);
    if (const JsonView poll = poll_in(message); poll.is_there()) return poll_of(poll);
    Content out;
    out.text = words_in(message);
    if (const std::string led_by = context["externalAdReply"]["sourceUrl"].text_or(""); !led_by.empty())
        out.more["referral"] = led_by;
    return out.text.empty() ? unknown_content(first_member(message)) : out;
}

}  // namespace okno::gateway::evolution
