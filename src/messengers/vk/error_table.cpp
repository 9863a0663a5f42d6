#include "messengers/vk/error_table.hpp"

#include <algorithm>
#include <iterator>

namespace okno::vk {

using enum Reaction;
using namespace std::chrono_literals;

// In rising order of codes, which do not overlap.
static constexpr KnownError table[] = {
    {1, 1, retry, "provider_error", 0s},
    {3, 3, refuse, "bad_request", 0s},
    {5, 5, broken, "token_broken", 0s},
    {6, 6, slow_channel, "too_fast", 1s},
    {7, 7, broken, "permission_missing", 0s},
    {8, 8, refuse, "bad_request", 0s},
    {9, 9, flood, "flood", 60s},
    {10, 10, retry, "provider_error", 0s},
    {13, 13, retry, "provider_error", 0s},
    // Nobody is there to solve it. It goes by itself when less is sent, so the channel rests and is not broken.
    {14, 14, wait, "captcha", 10min},
    {15, 15, broken, "permission_missing", 0s},
    {17, 17, broken, "validation_needed", 0s},
    {18, 18, block, "person_unreachable", 0s},
    {20, 20, broken, "permission_missing", 0s},
    {22, 22, upload, "media_not_accepted", 0s},
    {23, 23, refuse, "bad_request", 0s},
    {24, 25, broken, "validation_needed", 0s},
    {27, 28, broken, "token_broken", 0s},
    {29, 29, wait, "call_limit", 1h},
    {100, 100, refuse, "bad_request", 0s},
    {105, 105, upload, "media_not_accepted", 0s},
    {113, 113, block, "person_unreachable", 0s},
    {118, 118, upload, "media_not_accepted", 0s},
    {121, 121, upload, "media_not_accepted", 0s},
    {129, 129, upload, "media_not_accepted", 0s},
    {203, 203, broken, "permission_missing", 0s},
    {900, 900, block, "person_blacklisted", 0s},
    {901, 902, block, "person_blocked", 0s},
    {909, 909, refuse, "too_late", 0s},
    {910, 910, refuse, "text_too_long", 0s},
    {911, 912, no_keyboard, "keyboard_refused", 0s},
    {913, 913, refuse, "bad_request", 0s},
    {914, 914, refuse, "text_too_long", 0s},
    {917, 917, block, "person_unreachable", 0s},
    {920, 920, refuse, "not_changeable", 0s},
    {921, 921, refuse, "bad_request", 0s},
    {922, 922, block, "person_unreachable", 0s},
    {924, 924, refuse, "not_changeable", 0s},
    {925, 925, block, "person_unreachable", 0s},
    {927, 927, block, "person_unreachable", 0s},
    {932, 932, block, "person_unreachable", 0s},
    {935, 936, block, "person_unreachable", 0s},
    {940, 940, refuse, "bad_request", 0s},
    {943, 944, refuse, "bad_request", 0s},
    {945, 946, block, "person_unreachable", 0s},
    {950, 950, refuse, "provider_error", 0s},
    {969, 969, refuse, "bad_request", 0s},
    {2000, 2000, refuse, "too_many_servers", 0s},
    {3610, 3610, block, "person_unreachable", 0s},
};

const KnownError* find_error(std::int64_t code) {
    const auto* found =
        std::ranges::find_if(table, [&](const KnownError& known) { return code >= known.first && code <= known.last; });
    return found == std::end(table) ? nullptr : found;
}

}  // namespace okno::vk
