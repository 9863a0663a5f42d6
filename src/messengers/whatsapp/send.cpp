#include "messengers/whatsapp/send.hpp"

#include "messengers/whatsapp/rendering.hpp"

#include <algorithm>

namespace okno::whatsapp {

namespace json = boost::json;

namespace {

// A number keeps the person's phone visible in webhooks and wins; without one the BSUID is the address.
bool set_address(json::object& body, const std::vector<Address>& to) {
    const auto phone = std::ranges::find(to, "phone", &Address::kind);
    if (phone != to.end()) {
        body["to"] = "+" + phone->value;  // without the plus Meta may prepend the business's own country code
        return true;
    }
    const auto bsuid = std::ranges::find(to, "bsuid", &Address::kind);
    if (bsuid == to.end()) return false;
    body["recipient"] = bsuid->value;
    return true;
}

// An uploaded file by its id; captions and names only where the type has them.
json::object file_of(const std::string& type, const std::string& mime, const JsonView& content) {
    json::object out{{"id", content["id"].text_or("")}};
    if (type == "audio" && mime == "audio/ogg") out["voice"] = true;  // shown as a voice message
    const std::string caption = content["caption"].text_or("");
    const std::string name = content["filename"].text_or("");
    const bool has_caption = type == "image" || type == "video" || type == "document";
    if (has_caption && !caption.empty()) out["caption"] = caption;
    if (type == "document" && !name.empty()) out["filename"] = name;
    return out;
}

Result<json::value> payload_of(const OutboundMessage& message, const JsonView& content) {
    if (message.type == "text") return json::value(json::object{{"body", message.text}, {"preview_url", true}});
    if (message.type == "template") return template_of(content);
    if (message.type == "location") {
        if (!content["latitude"].number() || !content["longitude"].number())
            return fail(ErrorKind::invalid, "bad_content", "A location needs `latitude` and `longitude`.", "latitude");
        json::object place{{"latitude", *content["latitude"].number()}, {"longitude", *content["longitude"].number()}};
        for (const char* field : {"name", "address"})
            if (const std::string text = content[field].text_or(""); !text.empty()) place[field] = text;
        return json::value(std::move(place));
    }
    if (message.type == "contacts") return contacts_of(content);
    if (message.type == "reaction") {
        if (const auto target = content["message_id"].required_text(); !target) return std::unexpected(target.error());
        return json::value(
            json::object{{"message_id", content["message_id"].text_or("")}, {"emoji", content["emoji"].text_or("")}});
    }
    if (message.file) return json::value(file_of(message.type, message.file->mime, content));
    if (message.type == "interactive") return interactive_of(content);
    return fail(ErrorKind::invalid, "type_not_supported",
                "Messages of type `" + message.type + "` cannot be sent here.", "type");
}

}  // namespace

Result<std::string> render_send(const OutboundMessage& message) {
    const auto document = parse_json(message.content);
    if (!document) return std::unexpected(document.error());
    const auto payload = payload_of(message, JsonView(*document));
    if (!payload) return std::unexpected(payload.error());
    json::object body{{"messaging_product", "whatsapp"}, {"recipient_type", "individual"}};
    if (!set_address(body, message.to))
        return fail(ErrorKind::invalid, "no_address",
                    "Neither a phone number nor a WhatsApp id of this person is known.");
    // Quoting is not possible in a template; a reaction names its message itself.
    if (!message.reply_to.value().empty() && message.type != "template" && message.type != "reaction")
        body["context"] = json::object{{"message_id", message.reply_to.value()}};
    if (!message.reference.empty()) body["biz_opaque_callback_data"] = message.reference;
    body["type"] = message.type;
    body[message.type] = *payload;
    return json::serialize(body);
}

HttpRequest graph_request(const Channel& channel, std::string method, const std::string& path) {
    std::string base = channel.setting("base_url");
    while (base.ends_with('/'))
        base.pop_back();
    const std::string version = channel.setting("api_version");
    HttpRequest request;
    request.method = std::move(method);
    request.url =
        (base.empty() ? "https://graph.facebook.com" : base) + "/" + (version.empty() ? "v25.0" : version) + "/" + path;
    request.bearer = channel.credential("access_token");
    reach_through(request, channel);
    request.timeout = std::chrono::seconds{8};
    return request;
}

}  // namespace okno::whatsapp
