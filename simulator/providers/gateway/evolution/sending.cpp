#include "providers/gateway/evolution/sending.hpp"

#include "core/base64.hpp"
#include "providers/gateway/events.hpp"
#include "providers/gateway/evolution/objects.hpp"
#include "providers/gateway/files.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::gateway::evolution {

namespace {

struct Kind {
    std::string_view call;
    std::string_view type;      // empty: told by `mediatype`
    std::string_view required;  // beside `number`
};
constexpr std::array<Kind, 5> kKinds{{{"sendText", "text", "text"},
                                      {"sendMedia", "", "media"},
                                      {"sendWhatsAppAudio", "audio", "audio"},
                                      {"sendLocation", "location", "latitude"},
                                      {"sendContact", "contact", "contact"}}};

json::array cards_of(const JsonView& contacts) {
    json::array out;
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        const JsonView one = contacts.at(i);
        out.emplace_back("BEGIN:VCARD\nVERSION:3.0\nFN:" + one["fullName"].text_or("") + "\nTEL;type=CELL;waid=" +
                         one["wuid"].text_or("") + ":" + one["phoneNumber"].text_or("") + "\nEND:VCARD");
    }
    return out;
}

std::optional<File> file_of(Site& site, const std::string& base64, const std::string& mime, const std::string& name) {
    const auto bytes = from_base64(base64);
    if (!bytes) return std::nullopt;
    File out;
    out.name = name;
    out.mime = mime;
    out.bytes = std::make_shared<const std::string>(*bytes);
    renew_link(site, out);
    return out;
}

json::object nobody(const std::string& number) {
    const std::string digits = number.substr(0, number.find('@'));
    return {{"jid", digits + "@s.whatsapp.net"}, {"exists", false}, {"number", digits}};
}

std::expected<Message, net::ServerReply> message_of(Site& site, const Kind& kind, const JsonView& body) {
    Message message;
    message.id = new_id(site);
    message.type = kind.type.empty() ? body["mediatype"].text_or("") : std::string(kind.type);
    message.text = body[kind.type == "text" ? "text" : "caption"].text_or("");
    message.quoted = body["quoted"]["key"]["id"].text_or("");
    if (kind.type.empty() || kind.type == "audio") {
        const std::string mime = kind.type.empty() ? body["mimetype"].text_or("") : "audio/ogg; codecs=opus";
        message.file = file_of(site, body[kind.required].text_or(""), mime, body["fileName"].text_or(""));
        if (!message.file) return std::unexpected(refused(400, "Owned media must be a url or base64"));
    }
    if (kind.type == "location")
        message.location = json::object{{"latitude", std::to_string(body["latitude"].number().value_or(0))},
                                        {"longitude", std::to_string(body["longitude"].number().value_or(0))},
                                        {"live", false},
                                        {"name", body["name"].text_or("")}};
    if (kind.type == "contact") message.vcards = cards_of(body["contact"]);
    return message;
}

Answer react(Session& session, const Call& call) {
    const JsonView key = call.view()["key"];
    if (!key["id"].is_there()) return std::unexpected(lacks("key"));
    for (auto& [number, chat] : session.chats)
        if (Message* message = chat.message(key["id"].text_or(""))) {
            if (message->is_from_account != key["fromMe"].boolean().value_or(false)) break;  // shown nowhere
            message->emoji_of_account = call.view()["reaction"].text_or("");
            ++chat.version;
        }
    return json_reply(201, {{"key", json::object{{"id", "3EB0REACTION"}}}, {"status", "PENDING"}});
}

}  // namespace

Answer answer_message(Site& site, Session& session, const Call& call) {
    if (call.what() != "sendReaction" && std::ranges::find(kKinds, call.what(), &Kind::call) == kKinds.end())
        return std::unexpected(
            refused(404, json::array{json::string("Cannot POST " + std::string(call.request.path))}));
    if (session.status != "WORKING") return std::unexpected(refused(500, "Connection Closed"));
    if (call.what() == "sendReaction") return react(session, call);
    const Kind& kind = *std::ranges::find(kKinds, call.what(), &Kind::call);
    const JsonView body = call.view();
    for (const std::string_view property : {std::string_view("number"), kind.required})
        if (!body[property].is_there()) return std::unexpected(lacks(property));
    const std::string number = body["number"].text_or("");
    Person* person = site.world.person_of_chat(number);
    if (person == nullptr || !person->has_whatsapp) return std::unexpected(refused(400, json::array{nobody(number)}));
    auto message = message_of(site, kind, body);
    if (!message) return std::unexpected(std::move(message.error()));
    const Message& said = say_by_api(site, session, *person, std::move(*message));
    json::object answer = message_object(session, *person, said);
    answer["status"] = "PENDING";
    return json_reply(201, std::move(answer));
}

}  // namespace okno::sim::gateway::evolution
