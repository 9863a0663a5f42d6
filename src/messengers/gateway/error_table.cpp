#include "messengers/gateway/error_table.hpp"

#include <algorithm>
#include <iterator>

namespace okno::gateway {

using enum Reaction;
using namespace std::chrono_literals;

// The first that fits counts.
static constexpr KnownRefusal table[] = {
    {400, 400, "", refuse, "bad_request", 0s},
    {401, 401, "", broken, "token_broken", 0s},
    {403, 403, "", broken, "token_broken", 0s},
    {404, 404, "ession", broken, "session_missing", 0s},
    {404, 404, "", refuse, "bad_request", 0s},
    {413, 413, "", refuse, "file_too_large", 0s},
    {422, 422, "ession status", wait, "session_not_ready", 30s},
    {422, 422, "\"expected\"", wait, "session_not_ready", 30s},
    {422, 422, "does not exist", broken, "session_missing", 0s},
    {422, 422, "", refuse, "type_not_supported", 0s},
    {429, 429, "", slow_channel, "too_fast", 1s},
    {500, 500, "Evaluation failed", restart, "engine_failed", 30s},
    {500, 500, "Protocol error", restart, "engine_failed", 30s},
    {500, 500, "Target closed", restart, "engine_failed", 30s},
    {502, 504, "", wait, "provider_unavailable", 10s},
    {500, 599, "", retry, "provider_error", 0s},
};

const KnownRefusal* find_refusal(int status, std::string_view body) {
    const auto* found = std::ranges::find_if(table, [&](const KnownRefusal& known) {
        return status >= known.first && status <= known.last && body.find(known.words) != std::string_view::npos;
    });
    return found == std::end(table) ? nullptr : found;
}

}  // namespace okno::gateway
