#include "providers/viber/message_rules.hpp"

#include "core/reading.hpp"
#include "providers/viber/keyboard_rules.hpp"
#include "providers/viber/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace okno::sim::viber {

namespace {

using Wrong = std::optional<Status>;

constexpr std::size_t kMostText = 7000;
constexpr std::size_t kMostCaption = 512;
constexpr std::size_t kMostTracking = 4096;
constexpr std::size_t kMostSender = 28;
constexpr std::size_t kMostUrl = 2000;
constexpr std::size_t kMostFileName = 256;
constexpr std::int64_t kMostPicture = 1 << 20;
constexpr std::int64_t kMostVideo = 26 << 20;
constexpr std::int64_t kMostVideoSeconds = 180;
constexpr std::int64_t kMostFile = 50 << 20;

constexpr std::string_view kForbiddenEndings[] = {"exe", "apk", "bat", "cmd", "com", "msi", "vbs", "reg", "lnk", "ps1"};

Wrong check_media(const json::object& message) {
    const std::string media = text_at(message, "media");
    if (media.empty()) return Status::missing_data;
    return is_public_address(media) && media.size() <= kMostUrl ? Wrong() : Status::bad_data;
}

Wrong check_size(const json::object& message, std::int64_t most) {
    const std::int64_t size = number_at(message, "size", -1);
    if (size < 0) return Status::missing_data;
    return size > most ? Wrong(Status::bad_data) : std::nullopt;
}

Wrong check_text(const json::object& message) {
    const std::string text = text_at(message, "text");
    if (text.empty()) return Status::missing_data;
    return characters(text) > kMostText ? Wrong(Status::bad_data) : std::nullopt;
}

Wrong check_picture(const json::object& message) {
    if (characters(text_at(message, "text")) > kMostCaption) return Status::bad_data;
    return check_media(message);
}

Wrong check_video(const json::object& message) {
    if (const Wrong wrong = check_media(message)) return wrong;
    if (number_at(message, "duration") > kMostVideoSeconds) return Status::bad_data;
    return check_size(message, kMostVideo);
}

Wrong check_file(const json::object& message) {
    if (const Wrong wrong = check_media(message)) return wrong;
    const std::string name = text_at(message, "file_name");
    if (name.empty()) return Status::missing_data;
    const std::size_t dot = name.rfind('.');
    if (dot == std::string::npos || characters(name) > kMostFileName) return Status::bad_data;
    std::string ending = name.substr(dot + 1);
    std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (std::ranges::find(kForbiddenEndings, ending) != std::end(kForbiddenEndings)) return Status::bad_data;
    return check_size(message, kMostFile);
}

Wrong check_contact(const json::object& message) {
    const json::object& contact = object_at(message, "contact");
    const std::string name = text_at(contact, "name");
    const std::string phone = text_at(contact, "phone_number");
    if (name.empty() || phone.empty()) return Status::missing_data;
    return characters(name) > 28 || phone.size() > 18 ? Wrong(Status::bad_data) : std::nullopt;
}

Wrong check_location(const json::object& message) {
    const json::object& location = object_at(message, "location");
    for (const auto& [name, most] : {std::pair{"lat", 90.0}, {"lon", 180.0}}) {
        const json::value* value = location.if_contains(name);
        if (value == nullptr) return Status::missing_data;
        if (!value->is_number() || std::abs(value->to_number<double>()) > most) return Status::bad_data;
    }
    return std::nullopt;
}

Wrong check_url(const json::object& message) {
    const std::string url = text_at(message, "media");
    if (url.empty()) return Status::missing_data;
    return url.size() > kMostUrl ? Wrong(Status::bad_data) : std::nullopt;
}

Wrong check_sticker(const json::object& message) {
    return number_at(message, "sticker_id") > 0 ? Wrong() : Status::missing_data;
}

Wrong check_rich(const json::object& message) {
    return check_rich_media(object_at(message, "rich_media"), number_at(message, "min_api_version", 1));
}

struct Kind {
    std::string_view type;
    Wrong (*check)(const json::object&);
};
constexpr Kind kKinds[] = {{"text", check_text}, {"picture", check_picture}, {"video", check_video},
                           {"file", check_file}, {"contact", check_contact}, {"location", check_location},
                           {"url", check_url},   {"sticker", check_sticker}, {"rich_media", check_rich}};

}  // namespace

bool is_public_address(std::string_view url) {
    if (url.starts_with("https://")) return url.size() > 8;
    return url.starts_with("http://127.0.0.1") || url.starts_with("http://localhost");
}

std::optional<Status> check_message(const json::object& message) {
    const std::string name = text_at(object_at(message, "sender"), "name");
    if (name.empty()) return Status::missing_data;
    if (characters(name) > kMostSender || text_at(message, "tracking_data").size() > kMostTracking)
        return Status::bad_data;
    const std::string type = text_at(message, "type");
    if (type.empty() && !message.contains("keyboard")) return Status::missing_data;
    const auto* kind = std::ranges::find(kKinds, type, &Kind::type);
    if (!type.empty() && kind == std::end(kKinds)) return Status::bad_data;
    if (kind != std::end(kKinds))
        if (const Wrong wrong = kind->check(message)) return wrong;
    if (object_at(message, "keyboard").empty()) return std::nullopt;
    return check_keyboard(object_at(message, "keyboard"), number_at(message, "min_api_version", 1));
}

std::string check_bytes(const json::object& message, std::string_view mime, std::size_t size) {
    const std::string type = text_at(message, "type");
    const auto bytes = static_cast<std::int64_t>(size);
    if (type == "picture") {
        constexpr std::array<std::string_view, 3> pictures{"image/jpeg", "image/png", "image/gif"};
        if (std::ranges::find(pictures, mime.substr(0, mime.find(';'))) == pictures.end())
            return "The picture is of the type " + std::string(mime) + ".";
        return bytes > kMostPicture ? "The picture is too large." : "";
    }
    if (type == "video" && !mime.starts_with("video/mp4")) return "The video is of the type " + std::string(mime) + ".";
    return bytes != number_at(message, "size", bytes) ? "The file has another size than was told." : "";
}

}  // namespace okno::sim::viber
