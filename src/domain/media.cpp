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

}  // namespace okno
