// A file of a message: a picture, a voice message, a document.
#pragma once

#include "base/time.hpp"
#include "domain/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace okno {

// `waiting`: the provider has it, we do not yet. `failed`: it will not come, `error` says why.
enum class MediaState { waiting, ready, failed };

std::string_view name_of(MediaState state);

// The kind in which a file of this MIME type is sent.
std::string media_kind_of(std::string_view mime);

struct Media {
    MediaId id;
    std::optional<ChannelId> channel;  // whence it is to be fetched; empty for an upload
    std::optional<MessageId> message;  // empty until an upload is sent
    std::string kind;                  // image, video, audio, document, sticker
    std::string name;                  // as its author called it; may be empty
    std::string mime;                  // while it waits: as the provider said
    std::int64_t size = 0;             // bytes; 0 while unknown
    std::string sha256;                // hexadecimal; what the provider told, then what it is
    MediaState state = MediaState::waiting;
    std::string provider_id;
    std::string error;
    int tries = 0;
    Timestamp due;  // of the next try
    Timestamp created_at;
};

}  // namespace okno
