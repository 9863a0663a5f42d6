#include "providers/telegram/objects.hpp"

#include "core/reading.hpp"

namespace okno::sim::telegram {

namespace {

constexpr std::int64_t kThumbnailSide = 90;

void put(json::object& into, std::string_view name, const std::string& text) {
    if (!text.empty()) into[name] = text;
}

// What every file object holds.
json::object file_object(Site& site, std::int64_t bot, const File& file) {
    return {
        {"file_id", site.world.file_id_for(bot, file)}, {"file_unique_id", file.unique_id}, {"file_size", file.size}};
}

json::object size_object(Site& site, std::int64_t bot, const File& file) {
    json::object out = file_object(site, bot, file);
    out["width"] = file.width;
    out["height"] = file.height;
    return out;
}

// The same picture, smaller: a file of its own.
json::object thumbnail_of(Site& site, std::int64_t bot, const File& file) {
    File small = file;
    small.kind = "photo";
    small.width = kThumbnailSide;
    small.height =
        file.width == 0 ? kThumbnailSide : std::max<std::int64_t>(1, kThumbnailSide * file.height / file.width);
    return size_object(site, bot, site.world.add_file(std::move(small)));
}

json::object named_file(Site& site, std::int64_t bot, const File& file) {
    json::object out = file_object(site, bot, file);
    put(out, "file_name", file.name);
    put(out, "mime_type", file.mime_type);
    return out;
}

json::object sticker_object(Site& site, std::int64_t bot, const File& file, const FileDetails& details) {
    json::object out = size_object(site, bot, file);
    out["type"] = "regular";
    out["is_animated"] = file.mime_type == "application/x-tgsticker";
    out["is_video"] = file.mime_type == "video/webm";
    put(out, "emoji", details.emoji);
    out["thumbnail"] = thumbnail_of(site, bot, file);
    return out;
}

}  // namespace

json::object user_object(const Person& person) {
    json::object out{{"id", person.id}, {"is_bot", false}, {"first_name", person.first_name}};
    put(out, "last_name", person.last_name);
    put(out, "username", person.username);
    put(out, "language_code", person.language_code);
    if (person.is_premium) out["is_premium"] = true;
    return out;
}

json::object user_object(const Bot& bot) {
    return {{"id", bot.id}, {"is_bot", true}, {"first_name", bot.name}, {"username", bot.username}};
}

json::object chat_object(const Person& person) {
    json::object out{{"id", person.id}, {"first_name", person.first_name}};
    put(out, "last_name", person.last_name);
    put(out, "username", person.username);
    out["type"] = "private";
    return out;
}

json::object file_members(Site& site, std::int64_t bot, const File& file, const FileDetails& details) {
    if (file.kind == "photo")
        return {{"photo", json::array{thumbnail_of(site, bot, file), size_object(site, bot, file)}}};
    if (file.kind == "sticker") return {{"sticker", sticker_object(site, bot, file, details)}};
    json::object out = named_file(site, bot, file);
    if (file.kind != "document") out["duration"] = details.duration;
    if (file.kind == "voice" || file.kind == "video_note") out.erase("file_name");
    if (file.kind == "video_note") {
        out.erase("mime_type");
        out["length"] = 240;
    }
    if (file.kind == "video" || file.kind == "animation") {
        out["width"] = file.width;
        out["height"] = file.height;
    }
    put(out, "title", details.title);
    put(out, "performer", details.performer);
    json::object members{{file.kind, std::move(out)}};
    if (file.kind == "animation") members["document"] = named_file(site, bot, file);  // for clients that know no better
    return members;
}

json::object message_object(Site& site, const Message& message) {
    const Person* person = site.world.person(message.chat.person);
    const Bot* bot = site.world.bot(message.chat.bot);
    json::object out{{"message_id", message.id}};
    if (message.by_bot && message.chat.connection.empty())
        out["from"] = user_object(*bot);
    else if (const Person* sender = site.world.person(message.from))
        out["from"] = user_object(*sender);
    out["chat"] =
        person == nullptr ? json::object{{"id", message.chat.person}, {"type", "private"}} : chat_object(*person);
    out["date"] = seconds_of(message.at);
    if (message.edited_at) out["edit_date"] = seconds_of(*message.edited_at);
    if (!message.chat.connection.empty()) {
        out["business_connection_id"] = message.chat.connection;
        if (message.by_bot) out["sender_business_bot"] = user_object(*bot);
    }
    if (const Message* original = site.world.message(message.chat, message.reply_to)) {
        Message quoted = *original;
        quoted.reply_to = 0;  // a quote quotes nothing itself
        out["reply_to_message"] = message_object(site, quoted);
    }
    for (const auto& [name, value] : message.content)
        out[name] = value;
    if (message.markup.contains("inline_keyboard")) out["reply_markup"] = message.markup;
    return out;
}

json::object connection_object(Site& site, const Connection& connection) {
    json::object out{{"id", connection.id},
                     {"user", user_object(*site.world.person(connection.owner))},
                     {"user_chat_id", connection.owner},
                     {"date", seconds_of(connection.since)},
                     {"is_enabled", connection.is_enabled}};
    if (connection.is_enabled) out["rights"] = connection.rights;
    return out;
}

}  // namespace okno::sim::telegram
