#include "messengers/telegram/error_table.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>

namespace okno::telegram {

using enum Reaction;

static constexpr KnownError table[] = {
    {429, 429, "", wait, "too_fast"},
    {500, 599, "", retry, "provider_error"},

    {401, 401, "", broken, "token_invalid"},
    {404, 404, "method not found", refuse, "method_unknown"},
    {404, 404, "", broken, "token_invalid"},
    {421, 421, "", broken, "wrong_server"},
    {413, 413, "", refuse, "file_too_large"},

    {403, 403, "bot was blocked by the user", block, "person_blocked"},
    {403, 403, "user is deactivated", block, "person_gone"},
    {403, 403, "bot can't initiate", block, "person_never_started"},
    {403, 403, "bot can't send messages to bots", refuse, "person_is_bot"},
    {403, 403, "bot was kicked", block, "person_gone"},
    {403, 403, "bot is not a member", block, "person_gone"},
    {403, 403, "the group chat was deleted", block, "person_gone"},
    {403, 403, "", block, "person_unreachable"},

    {400, 400, "chat not found", block, "person_gone"},
    {400, 400, "private chat not found", block, "person_gone"},
    {400, 400, "peer_id_invalid", block, "person_gone"},
    {400, 400, "user not found", block, "person_gone"},
    // Groups are no conversations here, so there is no id to replace.
    {400, 400, "group chat was upgraded", refuse, "chat_moved"},

    {400, 400, "message is too long", refuse, "text_too_long"},
    {400, 400, "message caption is too long", refuse, "text_too_long"},
    {400, 400, "message text is empty", refuse, "text_empty"},
    {400, 400, "can't parse entities", refuse, "bad_request"},  // we send plain text
    {400, 400, "message is not modified", done, ""},
    {400, 400, "message to be replied not found", no_reply, "bad_request"},
    {400, 400, "message to edit not found", refuse, "message_gone"},
    {400, 400, "message can't be edited", refuse, "not_changeable"},
    {400, 400, "message to delete not found", refuse, "message_gone"},
    {400, 400, "message can't be deleted", refuse, "not_changeable"},
    {400, 400, "message to react not found", refuse, "message_gone"},
    {400, 400, "reaction_invalid", refuse, "reaction_refused"},

    {400, 400, "photo_invalid_dimensions", as_document, "media_not_accepted"},
    {400, 400, "image_process_failed", as_document, "media_not_accepted"},
    {400, 400, "voice_messages_forbidden", as_document, "media_not_accepted"},
    {400, 400, "file of size", as_document, "file_too_large"},  // "... is too big for a photo"
    {400, 400, "file is too big", refuse, "file_too_large"},
    // Files are always uploaded, so there is no other way to try.
    {400, 400, "wrong file identifier", refuse, "media_not_accepted"},
    {400, 400, "wrong file type", refuse, "media_not_accepted"},
    {400, 400, "failed to get http url content", refuse, "media_not_accepted"},
    {400, 400, "wrong type of the web page content", refuse, "media_not_accepted"},
    {400, 400, "can't upload file by url", refuse, "media_not_accepted"},
    {400, 400, "file must be non-empty", refuse, "media_not_accepted"},

    {400, 400, "button_data_invalid", refuse, "keyboard_refused"},
    {400, 400, "button_url_invalid", refuse, "keyboard_refused"},
    {400, 400, "button_type_invalid", refuse, "keyboard_refused"},
    {400, 400, "reply markup is too long", refuse, "keyboard_refused"},
    {400, 400, "reply_markup_invalid", refuse, "keyboard_refused"},

    {400, 400, "not enough rights", warn, "no_rights"},
    {400, 400, "have no rights", warn, "no_rights"},
    {400, 400, "business connection not found", warn, "account_left"},
    {400, 400, "business_connection_invalid", warn, "account_left"},
    {400, 400, "business_peer_usage_missing", window, "window_closed"},
};

std::string reason_in(std::string_view description) {
    std::string out(description);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::array<std::string_view, 4> kinds{"bad request: ", "forbidden: ", "not found: ", "conflict: "};
    for (const std::string_view kind : kinds)
        if (out.starts_with(kind)) return out.substr(kind.size());
    return out;
}

const KnownError* find_error(int code, std::string_view description) {
    const std::string reason = reason_in(description);
    const auto* found = std::ranges::find_if(table, [&](const KnownError& known) {
        return code >= known.first && code <= known.last && reason.starts_with(known.begin);
    });
    return found == std::end(table) ? nullptr : found;
}

}  // namespace okno::telegram
