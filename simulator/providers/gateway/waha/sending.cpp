#include "providers/gateway/waha/sending.hpp"

#include "core/base64.hpp"
#include "providers/gateway/events.hpp"
#include "providers/gateway/files.hpp"
#include "providers/gateway/waha/objects.hpp"

#include <algorithm>

namespace okno::sim::gateway::waha {

namespace {

struct Kind {
    std::string_view call;
    std::string_view type;
    bool takes_id;
};
constexpr Kind kKinds[] = {{"sendText", "text", true},           {"sendImage", "image", false},
                           {"sendFile", "document", false},      {"sendVoice", "audio", false},
                           {"sendVideo", "video", false},        {"sendLocation", "location", true},
                           {"sendContactVcard", "contact", true}};

constexpr std::size_t kMostFile = 64 << 20;

// What is wrong with the body, as the gateway's checks word it.
std::vector<std::string> wrongs_of(const Kind& kind, const JsonView& body) {
    std::vector<std::string> out;
    const auto require = [&](std::string_view name) {
        if (!body[name].is_there()) out.push_back(std::string(name) + " should not be null or undefined");
    };
    require("chatId");
    require("session");
    if (kind.type == "text" && (body["text"].raw() == nullptr || !body["text"].raw()->is_string()))
        out.emplace_back("text must be a string");
    if (kind.type == "location")
        for (const std::string_view name : {"latitude", "longitude"})
            if (!body[name].number()) out.push_back(std::string(name) + " must be a number");
    if (kind.type == "contact" && body["contacts"].size() == 0) out.emplace_back("contacts must be an array");
    const bool is_file =
        kind.type == "image" || kind.type == "document" || kind.type == "audio" || kind.type == "video";
    if (is_file) {
        if (!body["file"]["mimetype"].is_there()) out.emplace_back("file.mimetype must be a string");
        if (!body["file"]["data"].is_there() && !body["file"]["url"].is_there())
            out.emplace_back("file must have data or url");
    }
    return out;
}

json::array cards_of(const JsonView& contacts) {
    json::array out;
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        const JsonView one = contacts.at(i);
        if (one["vcard"].is_there())
            out.emplace_back(one["vcard"].text_or(""));
        else
            out.emplace_back("BEGIN:VCARD\nVERSION:3.0\nFN:" + one["fullName"].text_or("") + "\nTEL;type=CELL;waid=" +
                             one["whatsappId"].text_or("") + ":" + one["phoneNumber"].text_or("") + "\nEND:VCARD");
    }
    return out;
}

std::optional<File> file_of(Site& site, const JsonView& file) {
    const auto bytes = from_base64(file["data"].text_or(""));
    if (!bytes) return std::nullopt;
    File out;
    out.name = file["filename"].text_or("");
    out.mime = file["mimetype"].text_or("");
    out.bytes = std::make_shared<const std::string>(*bytes);
    renew_link(site, out);
    return out;
}

Answer send(Site& site, Session& session, const Kind& kind, const Call& call) {
    const JsonView body = call.view();
    Person* person = site.world.person_of_chat(body["chatId"].text_or(""));
    if (person == nullptr)
        return std::unexpected(
            json_reply(500, {{"statusCode", 500}, {"exception", json::object{{"message", "No LID for user"}}}}));
    Chat& chat = session.chats[person->number];
    const std::string wished = kind.takes_id ? body["id"].text_or("") : std::string();
    if (Message* before = wished.empty() ? nullptr : chat.message(wished))  // shown once
        return json_reply(201, message_object(session, *person, *before, false));
    Message message;
    message.id = wished.empty() ? new_id(site) : wished;
    message.type = kind.type;
    message.text = body[kind.type == "text" ? "text" : "caption"].text_or("");
    if (body["file"].is_there()) message.file = file_of(site, body["file"]);
    if (kind.type == "location")
        message.location = json::object{{"latitude", std::to_string(body["latitude"].number().value_or(0))},
                                        {"longitude", std::to_string(body["longitude"].number().value_or(0))},
                                        {"live", false},
                                        {"description", body["title"].text_or("")}};
    if (kind.type == "contact") message.vcards = cards_of(body["contacts"]);
    message.quoted = bare_id(body["reply_to"].text_or(""));
    Message& said = say_by_api(site, session, *person, std::move(message));
    return json_reply(201, message_object(session, *person, said, false));
}

Answer react(Site&, Session& session, const JsonView& body) {
    const std::string id = bare_id(body["messageId"].text_or(""));
    for (auto& [number, chat] : session.chats)
        if (Message* message = chat.message(id)) {
            message->emoji_of_account = body["reaction"].text_or("");
            ++chat.version;
            return json_reply(200, json::object());
        }
    return std::unexpected(bad_request({"messageId: there is no such message"}));
}

Answer mark(Site& site, Session& session, const std::string& what, const JsonView& body) {
    Person* person = site.world.person_of_chat(body["chatId"].text_or(""));
    if (person == nullptr) return std::unexpected(bad_request({"chatId should not be null or undefined"}));
    Chat& chat = session.chats[person->number];
    if (what == "startTyping") chat.is_typing = true;
    if (what == "stopTyping") chat.is_typing = false;
    if (what == "sendSeen")
        for (Message& message : chat.messages)
            if (!message.is_from_account) message.ack = 3;
    ++chat.version;
    return json_reply(201, json::object());
}

}  // namespace

std::optional<Answer> answer_sending(Site& site, const std::string& what, const Call& call) {
    const auto* kind = std::ranges::find(kKinds, what, &Kind::call);
    const bool is_known = kind != std::end(kKinds) || what == "reaction" || what == "sendSeen" ||
                          what == "startTyping" || what == "stopTyping";
    if (!is_known) return std::nullopt;
    if (kind != std::end(kKinds)) {
        if (const auto wrongs = wrongs_of(*kind, call.view()); !wrongs.empty())
            return std::unexpected(bad_request(wrongs));
        if (call.request.body.size() > kMostFile)
            return std::unexpected(json_reply(413, {{"statusCode", 413}, {"message", "request entity too large"}}));
    }
    const auto session = working_session(site, call.view()["session"].text_or("default"));
    if (!session) return std::unexpected(session.error());
    if (what == "reaction") return react(site, **session, call.view());
    if (kind == std::end(kKinds)) return mark(site, **session, what, call.view());
    if (what == "sendVideo" && (*session)->engine == "WEBJS")
        return std::unexpected(
            json_reply(422, {{"statusCode", 422}, {"message", "The method is not implemented by the engine."}}));
    return send(site, **session, *kind, call);
}

}  // namespace okno::sim::gateway::waha
