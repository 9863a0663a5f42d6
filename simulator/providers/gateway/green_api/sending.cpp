#include "providers/gateway/green_api/sending.hpp"

#include "providers/gateway/events.hpp"
#include "providers/gateway/files.hpp"
#include "providers/gateway/green_api/events.hpp"

namespace okno::sim::gateway::green_api {

namespace {

constexpr std::size_t kMostText = 20'000;
constexpr std::size_t kMostFile = 100 << 20;

bool is_sending(std::string_view method) {
    return method == "sendMessage" || method == "sendFileByUrl" || method == "sendLocation" || method == "sendContact";
}

// What is wrong with the body; empty: nothing.
std::string wrong_of(const Call& call) {
    const JsonView body = call.view();
    const auto has_text = [&](std::string_view name) {
        return body[name].raw() != nullptr && body[name].raw()->is_string() && !body[name].text_or("").empty();
    };
    const std::string chat = body["chatId"].text_or("");
    if (!chat.ends_with("@c.us") && !chat.ends_with("@lid") && !chat.ends_with("@g.us"))
        return "bad request data: 'chatId' must be one of the following formats: phone_number@c.us or group_id@g.us";
    if (call.method == "sendMessage" && !has_text("message")) return "bad request data: 'message' is required";
    if (call.method == "sendMessage" && body["message"].text_or("").size() > kMostText)
        return "bad request data: 'message' length must be less than or equal to 20000";
    if (call.method == "sendFileByUrl")
        for (const std::string_view name : {"urlFile", "fileName"})
            if (!has_text(name)) return "bad request data: '" + std::string(name) + "' is required";
    if (call.method == "sendLocation")
        for (const std::string_view name : {"latitude", "longitude"})
            if (!body[name].number()) return "bad request data: '" + std::string(name) + "' must be a number";
    if (call.method == "sendContact" && !body["contact"]["phoneContact"].integer())
        return "bad request data: 'contact.phoneContact' must be a number";
    return {};
}

std::string card_of(const JsonView& contact) {
    const std::string phone = contact["phoneContact"].text_or("");
    return "BEGIN:VCARD\nVERSION:3.0\nFN:" + contact["firstName"].text_or("") + "\nTEL;type=CELL;waid=" + phone + ":+" +
           phone + "\nEND:VCARD";
}

Message message_of(Site& site, const Call& call) {
    const JsonView body = call.view();
    Message message;
    message.id = new_id(site);
    message.quoted = body["quotedMessageId"].text_or("");
    message.text = body[call.method == "sendMessage" ? "message" : "caption"].text_or("");
    if (call.method == "sendLocation") {
        message.type = "location";
        message.location = json::object{{"latitude", std::to_string(body["latitude"].number().value_or(0))},
                                        {"longitude", std::to_string(body["longitude"].number().value_or(0))},
                                        {"live", false},
                                        {"name", body["nameLocation"].text_or("")}};
    }
    if (call.method == "sendContact") {
        message.type = "contact";
        message.vcards.emplace_back(card_of(body["contact"]));
    }
    return message;
}

// By the type that the file's owner tells; what ends with .ogg is a voice message.
std::string type_of(std::string_view mime, std::string_view name) {
    if (name.ends_with(".ogg") || mime.starts_with("audio/")) return "audio";
    if (mime.starts_with("image/webp")) return "sticker";
    if (mime.starts_with("image/")) return "image";
    return mime.starts_with("video/") ? "video" : "document";
}

struct Fetch {
    std::string session;
    std::string number;  // the person's
    std::string name;    // of the file
    Message message;
    std::uint64_t generation = 0;
};

// It fetches the file when the call is answered already: what it cannot get has failed.
void settle(Site& site, const Fetch& fetch, const Result<HttpReply>& reply) {
    const std::scoped_lock lock(site.guard);
    if (fetch.generation != site.generation) return;
    --site.posts_under_way;
    const auto session = site.world.sessions.find(fetch.session);
    const auto person = site.world.people.find(fetch.number);
    if (session == site.world.sessions.end() || person == site.world.people.end()) return;
    Message message = fetch.message;
    if (!reply || reply->status != 200) {
        message.is_from_account = message.is_by_api = true;
        message.at = site.now();
        message.ack = 0;
        Chat& chat = session->second.chats[person->second.number];
        chat.messages.push_back(std::move(message));
        return acknowledge(site, session->second, person->second, chat.messages.back(), -1);
    }
    const std::string mime(reply->headers.get("Content-Type"));
    File file;
    file.name = fetch.name;
    file.mime = mime;
    file.bytes = std::make_shared<const std::string>(reply->body);
    renew_link(site, file);
    message.type = type_of(mime, fetch.name);
    message.file = std::move(file);
    say_by_api(site, session->second, person->second, std::move(message));
}

void fetch_file(Site& site, const Session& session, const Person& person, const Call& call, Message message) {
    HttpRequest request;
    request.url = call.view()["urlFile"].text_or("");
    request.timeout = std::chrono::seconds{30};
    request.max_reply_bytes = kMostFile;
    request.allow_private_network = true;
    ++site.posts_under_way;
    const Fetch fetch{session.name, person.number, call.view()["fileName"].text_or(""), std::move(message),
                      site.generation};
    site.core.client.perform(std::move(request), [weak = site.weak_from_this(), fetch](const Result<HttpReply>& reply) {
        if (const auto there = weak.lock()) settle(*there, fetch, reply);
    });
}

Answer send(Site& site, Session& session, const Call& call) {
    const std::string chat = call.view()["chatId"].text_or("");
    Person* person = site.world.person_of_chat(chat);
    Message message = message_of(site, call);
    const std::string id = message.id;
    if (person == nullptr)
        tell_no_account(site, session, chat, id);
    else if (call.method == "sendFileByUrl")
        fetch_file(site, session, *person, call, std::move(message));
    else
        say_by_api(site, session, *person, std::move(message));
    return json_reply(200, {{"idMessage", id}});
}

Answer mark(Site& site, Session& session, const Call& call) {
    Person* person = site.world.person_of_chat(call.view()["chatId"].text_or(""));
    if (person == nullptr) return std::unexpected(bad_request(call, "bad request data: 'chatId' is required"));
    Chat& chat = session.chats[person->number];
    ++chat.version;
    if (call.method == "sendTyping") {
        chat.is_typing = true;
        return net::ServerReply{};
    }
    for (Message& message : chat.messages)
        if (!message.is_from_account) message.ack = 3;
    return json_reply(200, {{"setRead", true}});
}

}  // namespace

std::optional<Answer> answer_sending(Site& site, Session& session, const Call& call) {
    if (!is_sending(call.method) && call.method != "sendTyping" && call.method != "readChat") return std::nullopt;
    if (auto refusal = not_ready(session, call)) return std::unexpected(std::move(*refusal));
    if (!is_sending(call.method)) return mark(site, session, call);
    if (const std::string wrong = wrong_of(call); !wrong.empty()) return std::unexpected(bad_request(call, wrong));
    return send(site, session, call);
}

}  // namespace okno::sim::gateway::green_api
