#include "messengers/whatsapp/error_table.hpp"

#include <algorithm>
#include <iterator>

namespace okno::whatsapp {

using enum Reaction;
using namespace std::chrono_literals;

// In rising order of codes, which do not overlap.
static constexpr KnownError table[] = {
    {0, 0, token, "token_broken", 0s},
    {1, 1, retry_thrice, "provider_error", 0s},
    {2, 2, retry, "provider_busy", 0s},
    {3, 3, token, "permission_missing", 0s},
    {4, 4, slow_channel, "call_limit", 5min},
    {10, 10, token, "permission_missing", 0s},
    {17, 17, slow_channel, "call_limit", 1min},
    {32, 32, slow_channel, "call_limit", 1min},
    {33, 33, token, "account_missing", 0s},
    {100, 100, refuse, "bad_request", 0s},
    {102, 104, token, "token_broken", 0s},
    {190, 190, token, "token_broken", 0s},
    {200, 299, token, "permission_missing", 0s},
    {368, 368, account, "account_restricted", 0s},
    {613, 613, slow_channel, "call_limit", 1min},
    {80007, 80007, slow_channel, "call_limit", 5min},
    {130403, 130403, refuse, "person_blocked", 0s},
    {130429, 130429, slow_channel, "too_fast", 0s},
    {130472, 130472, refuse, "experiment", 0s},
    {130497, 130497, refuse, "country_not_allowed", 0s},
    {131000, 131000, retry_thrice, "provider_error", 0s},
    {131005, 131005, token, "permission_missing", 0s},
    {131008, 131009, refuse, "bad_request", 0s},
    {131016, 131016, retry, "provider_busy", 0s},
    {131021, 131021, refuse, "sent_to_itself", 0s},
    {131026, 131026, refuse, "person_unreachable", 0s},
    {131030, 131030, refuse, "not_in_test_list", 0s},
    {131031, 131031, account, "account_restricted", 0s},
    {131037, 131037, account, "display_name_missing", 0s},
    {131042, 131042, account, "payment_problem", 0s},
    {131045, 131045, account, "number_not_registered", 0s},
    {131047, 131047, window, "window_closed", 0s},
    {131048, 131048, warn, "spam_limit", 0s},
    {131049, 131049, refuse, "marketing_limit", 0s},
    {131050, 131050, refuse, "marketing_stopped", 0s},
    {131051, 131051, refuse, "type_not_supported", 0s},
    {131052, 131053, refuse, "media_not_accepted", 0s},
    {131055, 131055, refuse, "method_not_allowed", 0s},
    {131056, 131056, slow_person, "too_fast_for_person", 1s},
    {131057, 131057, wait, "account_maintenance", 1min},
    {131060, 131060, refuse, "message_unavailable", 0s},
    {131061, 131061, refuse, "template_rejected", 0s},
    {131062, 131062, refuse, "phone_needed", 0s},
    {131063, 131064, warn, "templates_restricted", 0s},
    {132000, 132000, refuse, "template_values", 0s},
    {132001, 132001, refuse, "template_missing", 0s},
    {132005, 132005, refuse, "template_too_long", 0s},
    {132007, 132007, refuse, "template_rejected", 0s},
    {132008, 132012, refuse, "template_values", 0s},
    {132014, 132014, refuse, "template_disabled", 0s},
    {132015, 132015, refuse, "template_paused", 0s},
    {132016, 132016, refuse, "template_disabled", 0s},
    {132018, 132018, refuse, "template_values", 0s},
    {132068, 132068, refuse, "flow_blocked", 0s},
    {132069, 132069, retry, "flow_throttled", 1h},
    {133000, 133003, refuse, "registration_failed", 0s},
    {133004, 133004, retry, "provider_busy", 0s},
    {133005, 133009, refuse, "registration_failed", 0s},
    {133010, 133010, account, "number_not_registered", 0s},
    {133015, 133015, wait, "account_maintenance", 5min},
    {133016, 133016, refuse, "registration_failed", 0s},
    {134011, 134011, refuse, "terms_not_accepted", 0s},
    {134100, 134100, refuse, "method_not_allowed", 0s},
    {134101, 134101, retry, "template_not_ready", 10min},
    {134102, 134102, refuse, "template_missing", 0s},
    {135000, 135000, refuse, "bad_request", 0s},
    {136025, 136025, refuse, "registration_failed", 0s},
    {139100, 139101, refuse, "block_list", 0s},
    {139102, 139103, retry_thrice, "block_list", 0s},
    {147001, 147004, refuse, "username", 0s},
    {200005, 200007, refuse, "template_insights", 0s},
    {2388000, 2388999, refuse, "template_rejected", 0s},
    {2494100, 2494100, wait, "account_maintenance", 1min},
    {2593107, 2593109, refuse, "sync_refused", 0s},
};

const KnownError* find_error(std::int64_t code) {
    const auto* found =
        std::ranges::find_if(table, [&](const KnownError& known) { return code >= known.first && code <= known.last; });
    return found == std::end(table) ? nullptr : found;
}

}  // namespace okno::whatsapp
