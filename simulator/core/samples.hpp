// Small files of every kind for tests that do not care what is in them.
#pragma once

#include <string>
#include <string_view>

namespace okno::sim {

struct Sample {
    std::string_view mime_type;
    std::string_view filename;
    std::string bytes;
};

// `kind`: image (PNG), photo (JPEG), video, video_note, animation, audio, voice, document, sticker.
Sample sample_of(std::string_view kind);

}  // namespace okno::sim
