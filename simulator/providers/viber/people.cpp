#include "providers/viber/people.hpp"

#include "core/base64.hpp"
#include "core/reading.hpp"
#include "core/samples.hpp"
#include "providers/viber/callbacks.hpp"
#include "providers/viber/chats.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::viber {

namespace {

using Done = std::expected<json::object, std::string>;

constexpr auto kSession = 24h;

struct Scene {
    Site& site;
    const Bot& bot;
    const Person& person;
    const json::object& wish;

    Chat& chat() const { return chat_of(site, bot, person); }
};

std::unexpected<std::string> not_possible(std::string why) { return std::unexpected(std::move(why)); }

struct FileKind {
    std::string_view type;  // of the wish
    std::string_view sent_as;
    std::string_view sample;
    std::string_view name;
};
constexpr FileKind kFileKinds[] = {{"picture", "picture", "photo", "photo.jpg"},
                                   {"video", "video", "video", "video.mp4"},
                                   {"voice", "file", "voice", "voice_message.m4a"},
                                   {"file", "file", "document", "price list.pdf"}};

// Given bytes or a sample of the kind, at an address of Viber that dies.
Done file_content(const Scene& scene, const FileKind& kind) {
    Sample sample = sample_of(kind.sample);
    std::string bytes = std::move(sample.bytes);
    if (const std::string data = text_at(scene.wish, "data"); !data.empty()) {
        auto decoded = from_base64(data);
        if (!decoded) return not_possible("data is no base64.");
        bytes = std::move(*decoded);
    }
    const std::string given = text_at(scene.wish, "filename");
    const std::string mime = text_at(scene.wish, "mime_type");
    File file;
    file.name = given.empty() ? std::string(kind.name) : given;
    file.mime = mime.empty() ? std::string(sample.mime_type.substr(0, sample.mime_type.find(';'))) : mime;
    file.until = scene.site.now() + std::chrono::seconds(scene.site.core.settings.get("media_url_s"));
    const auto size = static_cast<std::int64_t>(bytes.size());
    file.bytes = std::make_shared<const std::string>(std::move(bytes));
    const std::string name = file.name;
    const std::string link = add_file(scene.site, std::move(file));
    json::object out{{"type", kind.sent_as},
                     {"media", scene.site.core.public_url + "/viber-files/" + link},
                     {"file_name", name},
                     {"size", size}};
    if (kind.sent_as == "picture") out["thumbnail"] = out["media"];
    if (kind.sent_as == "file") out["file_size"] = size;
    if (kind.sent_as == "video") out["duration"] = number_at(scene.wish, "duration", 3);
    if (const std::string text = text_at(scene.wish, "text"); !text.empty()) out["text"] = text;
    return out;
}

Done card_content(const Scene& scene) {
    const json::object& given = object_at(scene.wish, "contact");
    if (!given.empty()) return json::object{{"type", "contact"}, {"contact", given}};
    if (scene.person.phone.empty()) return not_possible("The person has no phone number to share.");
    return json::object{{"type", "contact"},
                        {"contact", json::object{{"name", scene.person.name}, {"phone_number", scene.person.phone}}}};
}

double decimal_at(const json::object& from, std::string_view name, double otherwise) {
    const json::value* value = from.if_contains(name);
    return value != nullptr && value->is_number() ? value->to_number<double>() : otherwise;
}

json::object place_content(const Scene& scene) {
    return {{"type", "location"},
            {"location", json::object{{"lat", decimal_at(scene.wish, "lat", 55.7539)},
                                      {"lon", decimal_at(scene.wish, "lon", 37.6208)}}}};
}

Done content_of(const Scene& scene) {
    const std::string type = text_at(scene.wish, "type");
    const auto* file = std::ranges::find(kFileKinds, type, &FileKind::type);
    if (file != std::end(kFileKinds)) return file_content(scene, *file);
    if (type == "text" || type.empty()) {
        const std::string text = text_at(scene.wish, "text");
        if (text.empty()) return not_possible("A text needs text.");
        return json::object{{"type", "text"}, {"text", text}};
    }
    if (type == "contact") return card_content(scene);
    if (type == "location") return place_content(scene);
    if (type == "url") {
        const std::string url = text_at(scene.wish, "media");
        return json::object{{"type", "url"}, {"media", url.empty() ? "https://shop.example/a" : url}};
    }
    if (type == "sticker")
        return json::object{{"type", "sticker"}, {"sticker_id", number_at(scene.wish, "sticker_id", 40100)}};
    const json::object& own = object_at(scene.wish, "message");  // any other kind goes out as it is
    if (own.empty()) return not_possible("There is no message of the kind " + type + ".");
    return own;
}

// The first message subscribes, begins a session, and answers whatever the bot wrote.
void note_turn(const Scene& scene) {
    Chat& chat = scene.chat();
    chat.is_open = true;
    chat.is_subscribed = true;
    chat.awaits_welcome = false;
    chat.unanswered_at.clear();
    chat.session_ends = scene.site.now() + kSession;
}

Done write(const Scene& scene, json::object content, bool is_silent) {
    if (scene.bot.webhook.empty()) return not_possible("The bot has no webhook: nobody can write to it.");
    note_turn(scene);
    Chat& chat = scene.chat();
    if (!chat.tracking_data.empty()) content["tracking_data"] = chat.tracking_data;
    Message message;
    message.token = new_token(scene.site);
    message.from_person = true;
    message.is_shown = !is_silent;
    message.body = content;
    message.at = scene.site.now();
    const std::int64_t token = message.token;
    chat.messages.push_back(std::move(message));
    ++scene.site.world.version;
    tell(scene.site, scene.bot,
         callback_of(scene.site, "message", token,
                     {{"sender", person_object(scene.bot, scene.person)},
                      {"message", std::move(content)},
                      {"silent", is_silent}}));
    return json::object{{"message_token", token}};
}

// The button that is meant, of the keyboard or of a message with rich media: by its place or by its words.
const json::object* button_meant(const Scene& scene) {
    const json::object* whole = &scene.chat().keyboard;
    if (const std::int64_t token = number_at(scene.wish, "message"); token != 0) {
        const auto& messages = scene.chat().messages;
        const auto found = std::ranges::find(messages, token, &Message::token);
        if (found == messages.end()) return nullptr;
        whole = &object_at(found->body, "rich_media");
    }
    const std::string words = text_at(scene.wish, "button");
    const std::int64_t index = number_at(scene.wish, "index", -1);
    std::int64_t place = 0;
    for (const json::value& one : array_at(*whole, "Buttons")) {
        const json::object& button = one.get_object();
        const bool is_named = !words.empty() && text_at(button, "Text") == words;
        if (is_named || place++ == index) return &button;
    }
    return nullptr;
}

Done press(const Scene& scene) {
    const json::object* found = button_meant(scene);
    if (found == nullptr) return not_possible("There is no such button.");
    const json::object button = *found;  // the keyboard may go
    const std::string action = button.contains("ActionType") ? text_at(button, "ActionType") : "reply";
    const bool is_silent = flag_at(button, "Silent");
    const std::string body = text_at(button, "ActionBody");
    if (action == "reply") return write(scene, {{"type", "text"}, {"text", body}}, is_silent);
    if (action == "location-picker") return write(scene, place_content(scene), false);
    if (action == "share-phone") {
        auto card = card_content(scene);
        return card ? write(scene, std::move(*card), false) : card;
    }
    if (action == "open-url" && !is_silent) return write(scene, {{"type", "url"}, {"media", body}}, false);
    return json::object{{"opened", action == "open-url" ? body : ""}};
}

// Somebody opens the chat, perhaps by a link, and has not written yet.
Done open(const Scene& scene) {
    Chat& chat = scene.chat();
    chat.is_open = true;
    chat.awaits_welcome = true;
    ++scene.site.world.version;
    const std::int64_t token = new_token(scene.site);
    json::object more{
        {"type", "open"}, {"user", person_object(scene.bot, scene.person)}, {"subscribed", chat.is_subscribed}};
    if (const std::string context = text_at(scene.wish, "context"); !context.empty()) more["context"] = context;
    tell(scene.site, scene.bot, callback_of(scene.site, "conversation_started", token, std::move(more)),
         [&site = scene.site, uri = scene.bot.uri, key = scene.person.key](const std::string& body) {
             const auto bot = site.world.bots.find(uri);
             const auto person = site.world.people.find(key);
             if (bot == site.world.bots.end() || person == site.world.people.end()) return;
             show_welcome(site, bot->second, person->second, body);
         });
    return json::object{{"message_token", token}};
}

Done subscribe(const Scene& scene, bool is_on) {
    Chat& chat = scene.chat();
    chat.is_subscribed = is_on;
    chat.is_open = chat.is_open || is_on;
    ++scene.site.world.version;
    const std::int64_t token = new_token(scene.site);
    const json::object more = is_on ? json::object{{"user", person_object(scene.bot, scene.person)}}
                                    : json::object{{"user_id", scene.person.id}};
    tell(scene.site, scene.bot, callback_of(scene.site, is_on ? "subscribed" : "unsubscribed", token, more));
    return json::object{{"message_token", token}};
}

}  // namespace

std::expected<json::object, std::string> act(Site& site, const Bot& bot, const Person& person,
                                             const json::object& wish) {
    const Scene scene{site, bot, person, wish};
    const std::string type = text_at(wish, "type");
    if (type == "open") return open(scene);
    if (type == "subscribe" || type == "unsubscribe") return subscribe(scene, type == "subscribe");
    if (type == "press") return press(scene);
    auto content = content_of(scene);
    return content ? write(scene, std::move(*content), flag_at(wish, "silent")) : content;
}

}  // namespace okno::sim::viber
