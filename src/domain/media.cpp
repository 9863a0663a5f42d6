#include "domain/media.hpp"

namespace okno {

std::string_view name_of(MediaState state) {
    switch (state) {
        case MediaState::waiting: return "waiting";
        case MediaState::ready: return "ready";
        case MediaState::failed: return "failed";
    }
    return "";
}

std::string media_kind_of(std::string_view mime) {
    if (mime == "image/webp") return "sticker";
    if (mime == "image/jpeg" || mime == "image/png") return "image";
    if (mime == "video/mp4" || mime == "video/3gpp") return "video";
    for (const std::string_view audio : {"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"})
        if (mime == audio) return "audio";
    return "document";
}

}  // namespace okno
