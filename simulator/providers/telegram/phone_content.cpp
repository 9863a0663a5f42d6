#include "providers/telegram/phone_content.hpp"

#include "core/base64.hpp"
#include "core/reading.hpp"
#include "core/samples.hpp"
#include "providers/telegram/files.hpp"
#include "providers/telegram/objects.hpp"
#include "providers/telegram/text.hpp"

#include <algorithm>

namespace okno::sim::telegram {

namespace {

std::unexpected<NotPossible> impossible(int status, std::string why) {
    return std::unexpected(NotPossible{status, std::move(why)});
}

void put_text(json::object& content, std::string_view name, std::string_view entities, const std::string& text) {
    const Text plain = plain_text(text);
    if (plain.text.empty()) return;
    content[name] = plain.text;
    if (!plain.entities.empty()) content[entities] = plain.entities;
}

Content text_content(Scene& scene, const std::string&) {
    json::object content;
    put_text(content, "text", "entities", text_at(scene.wish, "text"));
    if (content.empty()) return impossible(400, "A text needs text.");
    return content;
}

// "/start", with the payload of the link that led here.
Content start_content(Scene& scene, const std::string&) {
    const std::string payload = text_at(scene.wish, "payload");
    const bool is_plain = payload.size() <= 64 && std::ranges::all_of(payload, [](unsigned char c) {
                              return (c < 0x80 && std::isalnum(c)) || c == '_' || c == '-';
                          });
    if (!is_plain) return impossible(400, "A payload has at most 64 characters of A-Z a-z 0-9 _ -.");
    json::object content;
    put_text(content, "text", "entities", payload.empty() ? "/start" : "/start " + payload);
    return content;
}

// Given bytes, so many zeros, or a sample of the kind.
std::expected<File, NotPossible> file_of(Scene& scene, const std::string& kind) {
    Sample sample = sample_of(kind);
    File file;
    file.kind = kind;
    file.mime_type = sample.mime_type.substr(0, sample.mime_type.find(';'));
    file.name = kind == "audio" ? "music.ogg" : std::string(sample.filename);
    file.size = number_at(scene.wish, "size");
    if (const std::string data = text_at(scene.wish, "data"); !data.empty()) {
        auto decoded = from_base64(data);
        if (!decoded) return impossible(400, "data is no base64.");
        file.bytes = std::make_shared<const std::string>(std::move(*decoded));
    } else if (file.size <= 0) {
        file.bytes = std::make_shared<const std::string>(std::move(sample.bytes));
    }
    if (const std::string given = text_at(scene.wish, "mime_type"); !given.empty()) file.mime_type = given;
    if (const std::string given = text_at(scene.wish, "filename"); !given.empty()) file.name = given;
    if (kind == "photo") {
        if (file.bytes) std::tie(file.width, file.height) = picture_size(*file.bytes);
        if (file.width == 0) std::tie(file.width, file.height) = std::pair(1280, 960);
        file.name.clear();
    } else if (kind == "sticker") {
        std::tie(file.width, file.height) = std::pair(512, 512);
    } else if (kind == "video" || kind == "animation") {
        std::tie(file.width, file.height) = std::pair(640, 360);
    }
    return file;
}

Content file_content(Scene& scene, const std::string& kind) {
    auto file = file_of(scene, kind);
    if (!file) return std::unexpected(file.error());
    FileDetails details;
    details.emoji = text_at(scene.wish, "emoji").empty() && kind == "sticker" ? "👍" : text_at(scene.wish, "emoji");
    details.duration = number_at(scene.wish, "duration", 3);
    json::object content = file_members(scene.site, scene.bot.id, scene.site.world.add_file(std::move(*file)), details);
    if (kind != "sticker" && kind != "video_note")
        put_text(content, "caption", "caption_entities", text_at(scene.wish, "caption"));
    return content;
}

double decimal_at(const json::object& from, std::string_view name, double otherwise) {
    const json::value* value = from.if_contains(name);
    return value != nullptr && value->is_number() ? value->to_number<double>() : otherwise;
}

Content place_content(Scene& scene, const std::string& kind) {
    const json::object location{{"latitude", decimal_at(scene.wish, "latitude", 55.7539)},
                                {"longitude", decimal_at(scene.wish, "longitude", 37.6208)}};
    if (kind == "location") return json::object{{"location", location}};
    const std::string title = text_at(scene.wish, "title");
    const std::string address = text_at(scene.wish, "address");
    return json::object{{"venue",
                         {{"location", location},
                          {"title", title.empty() ? "Red Square" : title},
                          {"address", address.empty() ? "Moscow" : address}}},
                        {"location", location}};
}

Content card_content(Scene& scene, const std::string&) {
    const json::object& contact = object_at(scene.wish, "contact");
    if (contact.empty()) return own_card(scene);
    if (text_at(contact, "phone_number").empty() || text_at(contact, "first_name").empty())
        return impossible(400, "A contact needs phone_number and first_name.");
    return json::object{{"contact", contact}};
}

struct Kind {
    std::string_view name;
    Content (*make)(Scene&, const std::string& kind);
};
constexpr Kind kKinds[] = {{"text", text_content},     {"start", start_content},     {"photo", file_content},
                           {"video", file_content},    {"voice", file_content},      {"audio", file_content},
                           {"document", file_content}, {"video_note", file_content}, {"animation", file_content},
                           {"sticker", file_content},  {"location", place_content},  {"venue", place_content},
                           {"contact", card_content}};

const Kind* kind_named(std::string_view name) {
    const auto* found = std::ranges::find(kKinds, name, &Kind::name);
    return found == std::end(kKinds) ? nullptr : found;
}

// Where a forwarded message comes from; of people who hide it only a name is told.
json::object origin_of(const Scene& scene) {
    const json::object& given = object_at(scene.wish, "forwarded");
    if (!given.empty()) return given;
    return {{"type", "hidden_user"}, {"sender_user_name", "Somebody"}, {"date", seconds_of(scene.site.now())}};
}

}  // namespace

bool is_content(std::string_view type) { return kind_named(type) != nullptr; }

Content content_of(Scene& scene, const std::string& type) {
    Content content = kind_named(type)->make(scene, type);
    if (!content) return content;
    const json::value* forwarded = scene.wish.if_contains("forwarded");
    if (forwarded != nullptr && (forwarded->is_object() || *forwarded == json::value(true)))
        (*content)["forward_origin"] = origin_of(scene);
    if (const std::string quote = text_at(scene.wish, "quote"); !quote.empty())
        (*content)["quote"] = {{"text", quote}, {"position", 0}};
    return content;
}

Content own_card(const Scene& scene) {
    if (scene.author.phone.empty()) return impossible(409, "The person has no phone number to share.");
    json::object contact{{"phone_number", scene.author.phone}, {"first_name", scene.author.first_name}};
    if (!scene.author.last_name.empty()) contact["last_name"] = scene.author.last_name;
    contact["user_id"] = scene.author.id;
    return json::object{{"contact", std::move(contact)}};
}

}  // namespace okno::sim::telegram
