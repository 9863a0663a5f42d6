#include "messengers/max/error_table.hpp"

#include <algorithm>
#include <iterator>

namespace okno::max {

using enum Reaction;

// The specific ones first. A dead token comes with 401, and with 403 in the published schema.
static constexpr KnownError table[] = {
    {400, 499, "verify.token", broken, "token_broken"},
    {401, 401, "", broken, "token_broken"},
    {429, 429, "", slow_channel, "too_fast"},
    {400, 499, "too.many.requests", slow_channel, "too_fast"},
    {400, 499, "attachment.not.ready", not_ready, "file_not_ready"},
    {400, 499, "message.not.found", no_quote, "quoted_message_gone"},
    {400, 499, "chat.denied", block, "person_blocked"},
    {400, 499, "dialog.suspended", block, "person_blocked"},
    {403, 403, "", block, "person_unreachable"},
    {400, 499, "dialog.not.found", block, "person_gone"},
    {404, 404, "", block, "person_gone"},
    {413, 413, "", refuse, "file_too_large"},
    {400, 400, "", refuse, "bad_request"},
    {405, 405, "", refuse, "bad_request"},
    {500, 599, "", retry, "provider_error"},
};

const KnownError* find_error(int status, std::string_view told) {
    const auto* found = std::ranges::find_if(table, [&](const KnownError& known) {
        return status >= known.first_status && status <= known.last_status &&
               told.find(known.sign) != std::string_view::npos;
    });
    return found == std::end(table) ? nullptr : found;
}

}  // namespace okno::max
