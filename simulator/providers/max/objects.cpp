#include "providers/max/objects.hpp"

#include "base/crypto.hpp"

#include <fmt/format.h>

namespace okno::sim::max {

static json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

std::int64_t millis_now(const Site& site) { return to_millis(site.now()); }

json::object user_object(const Person& person) {
    const std::string name = person.last_name.empty() ? person.first_name : person.first_name + " " + person.last_name;
    return {{"user_id", person.id},
            {"first_name", person.first_name},
            {"last_name", text_or_null(person.last_name)},
            {"username", text_or_null(person.nick)},
            {"is_bot", false},
            {"last_activity_time", 0},
            {"name", name}};
}

json::object user_object(const Bot& bot) {
    return {{"user_id", bot.id}, {"first_name", bot.name},  {"last_name", nullptr}, {"username", bot.nick},
            {"is_bot", true},    {"last_activity_time", 0}, {"name", bot.name}};
}

json::object body_object(const Message& message) {
    return {{"mid", message.mid},
            {"seq", message.seq},
            {"text", message.text},
            {"attachments", message.attachments},
            {"markup", message.markup}};
}

json::object message_object(const Bot& bot, const Person& person, const Dialog& dialog, const Message& message) {
    json::object out{{"timestamp", to_millis(message.at)},
                     {"sender", message.from_bot ? user_object(bot) : user_object(person)},
                     {"recipient", json::object{{"chat_id", dialog.chat},
                                                {"chat_type", "dialog"},
                                                {"user_id", message.from_bot ? person.id : bot.id}}},
                     {"body", body_object(message)}};
    if (!message.link.empty()) out["link"] = message.link;
    return out;
}

Message& append_message(Site& site, Dialog& dialog, bool from_bot) {
    const std::int64_t number = ++site.world.last_message;
    Message message;
    message.mid = fmt::format("mid.{:016x}{:08x}", dialog.chat, number);
    message.seq = (millis_now(site) << 16) + number;
    message.from_bot = from_bot;
    message.at = site.now();
    ++site.world.version;
    dialog.messages.push_back(std::move(message));
    return dialog.messages.back();
}

File& add_file(Site& site, File file) {
    file.id = ++site.world.last_file;
    if (file.token.empty()) file.token = random_token(18);
    file.link = random_token(18);
    site.world.files.push_back(std::move(file));
    return site.world.files.back();
}

json::object attachment_of(const Site& site, const File& file) {
    const std::string url = site.address_of(file.link);
    json::object payload{{"url", url}, {"token", file.token}};
    if (file.kind == "image") payload["photo_id"] = file.id;
    if (file.kind == "sticker") payload = {{"url", url}, {"code", file.token}};
    if (file.kind == "video") payload["url"] = site.core.public_url + "/max/player/" + file.link;
    json::object out{{"type", file.kind}, {"payload", std::move(payload)}};
    if (file.kind == "file") {
        out["filename"] = file.name;
        out["size"] = file.bytes ? file.bytes->size() : 0;
    }
    if (file.kind == "video") {
        out["width"] = 640;
        out["height"] = 360;
        out["duration"] = 3;
    }
    if (file.kind == "sticker") {
        out["width"] = 512;
        out["height"] = 512;
    }
    return out;
}

}  // namespace okno::sim::max
