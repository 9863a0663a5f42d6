#include "providers/whatsapp/media_rules.hpp"

#include "core/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace okno::sim::whatsapp {

namespace {

constexpr std::size_t kMiB = 1 << 20;

struct MediaRule {
    std::string_view mime;
    std::string_view kind;
    std::size_t most;
};

constexpr MediaRule kMedia[] = {
    {"audio/aac", "audio", 16 * kMiB},
    {"audio/amr", "audio", 16 * kMiB},
    {"audio/mpeg", "audio", 16 * kMiB},
    {"audio/mp4", "audio", 16 * kMiB},
    {"audio/ogg", "audio", 16 * kMiB},
    {"image/jpeg", "image", 5 * kMiB},
    {"image/png", "image", 5 * kMiB},
    {"image/webp", "sticker", 500 << 10},
    {"video/mp4", "video", 16 * kMiB},
    {"video/3gpp", "video", 16 * kMiB},
    {"text/plain", "document", 100 * kMiB},
    {"application/pdf", "document", 100 * kMiB},
    {"application/msword", "document", 100 * kMiB},
    {"application/vnd.ms-excel", "document", 100 * kMiB},
    {"application/vnd.ms-powerpoint", "document", 100 * kMiB},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document", 100 * kMiB},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "document", 100 * kMiB},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "document", 100 * kMiB},
};

const MediaRule* rule_of(std::string_view mime) {
    const auto* found = std::ranges::find(kMedia, mime, &MediaRule::mime);
    return found == std::end(kMedia) ? nullptr : found;
}

struct Use {
    std::string kind;
    std::string id;
};

// Every uploaded file the message shows: its own and its header's.
std::vector<Use> uses_of(const Message& message) {
    std::vector<Use> uses;
    const auto add = [&](std::string kind, const json::object& media) {
        if (std::string id = text_at(media, "id"); !id.empty()) uses.push_back({std::move(kind), std::move(id)});
    };
    for (const std::string_view kind : {"image", "video", "audio", "document", "sticker"}) {
        if (message.type == kind) add(std::string(kind), message.content);
        add(std::string(kind), object_at(message.shown, "header_" + std::string(kind)));
    }
    return uses;
}

}  // namespace

std::string plain_mime(std::string_view mime_type) {
    std::string out(mime_type.substr(0, mime_type.find(';')));
    while (out.ends_with(' '))
        out.pop_back();
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::optional<Refusal> check_upload(std::string_view mime_type, std::string_view bytes) {
    const MediaRule* rule = rule_of(plain_mime(mime_type));
    if (rule == nullptr) return Refusal{131053, fmt::format("Media of type {} is not supported.", mime_type)};
    if (bytes.empty()) return Refusal{131053, "The file is empty."};
    if (bytes.size() > rule->most)
        return Refusal{131053, fmt::format("File size {} is larger than {} allowed for {}.", bytes.size(), rule->most,
                                           rule->mime)};
    return std::nullopt;
}

std::optional<Refusal> check_media_ids(const Site& site, const Number& number, const Message& message) {
    for (const Use& use : uses_of(message)) {
        const auto found = site.world.media.find(use.id);
        const bool is_ours = found != site.world.media.end() &&
                             (found->second.number_id.empty() || found->second.number_id == number.id) &&
                             site.now() < found->second.expires_at;
        if (!is_ours) return Refusal{131009, fmt::format("Media id {} is not valid for this phone number.", use.id)};
    }
    return std::nullopt;
}

std::optional<Refusal> check_media_fate(const Site& site, const Message& message) {
    for (const Use& use : uses_of(message)) {
        const std::string mime = plain_mime(site.world.media.at(use.id).mime_type);
        const MediaRule* rule = rule_of(mime);
        const bool is_fit = rule != nullptr && (use.kind == rule->kind || use.kind == "document");
        if (!is_fit) return Refusal{131053, fmt::format("Media of type {} cannot be sent as {}.", mime, use.kind)};
    }
    return std::nullopt;
}

}  // namespace okno::sim::whatsapp
