#include "messengers/meta/error_table.hpp"

#include <algorithm>
#include <iterator>

namespace okno::meta {

using enum Reaction;
using namespace std::chrono_literals;

// Lines of subcodes before the line of their code.
static constexpr KnownError table[] = {
    {1, 2, 0, retry_thrice, "provider_error", 0s},
    {3, 3, 0, broken, "permission_missing", 0s},
    {4, 4, 0, slow_channel, "call_limit", 5min},
    {10, 10, 2018278, window, "window_closed", 0s},
    {10, 10, 2018065, window, "window_closed", 0s},
    {10, 10, 2534022, window, "window_closed", 0s},
    {10, 10, 2018300, control, "other_app_leads", 0s},
    // It lifts by itself, so the channel rests and is not broken: nobody could mend it.
    {10, 10, 1893063, wait, "page_restricted", 1h},
    {10, 10, 0, broken, "permission_missing", 0s},
    {17, 17, 0, slow_channel, "call_limit", 5min},
    {32, 32, 0, slow_channel, "call_limit", 5min},
    {100, 100, 2018001, block, "person_unknown", 0s},
    {100, 100, 2534014, block, "person_unknown", 0s},
    {100, 100, 2018300, control, "other_app_leads", 0s},
    {100, 100, 1893061, refuse, "tag_retired", 0s},
    {100, 100, 2018109, refuse, "media_not_accepted", 0s},
    {100, 100, 2018047, refuse, "media_not_accepted", 0s},
    {100, 100, 2018007, refuse, "media_not_accepted", 0s},
    {100, 100, 0, refuse, "bad_request", 0s},
    {102, 102, 0, broken, "token_broken", 0s},
    {190, 190, 0, broken, "token_broken", 0s},
    {200, 200, 1545041, block, "person_unreachable", 0s},
    {200, 200, 2018028, refuse, "not_a_tester", 0s},
    {200, 200, 2018027, refuse, "not_a_tester", 0s},
    {230, 230, 0, block, "no_consent", 0s},
    {200, 299, 0, broken, "permission_missing", 0s},
    {368, 368, 0, broken, "account_restricted", 0s},
    {551, 551, 0, block, "person_unreachable", 0s},
    {613, 613, 0, slow_channel, "call_limit", 1min},
    {1200, 1200, 0, retry_thrice, "provider_error", 0s},
    {2022, 2022, 2534014, block, "person_unknown", 0s},
    {10900, 10900, 0, done, "already_done", 0s},
    {80002, 80002, 0, slow_channel, "call_limit", 5min},
    {80006, 80006, 0, slow_channel, "call_limit", 5min},
};

const KnownError* find_error(std::int64_t code, std::int64_t subcode) {
    const auto* found = std::ranges::find_if(table, [&](const KnownError& known) {
        return code >= known.first && code <= known.last && (known.subcode == 0 || known.subcode == subcode);
    });
    return found == std::end(table) ? nullptr : found;
}

}  // namespace okno::meta
