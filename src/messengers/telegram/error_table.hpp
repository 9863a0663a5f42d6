// The Bot API's refusals as data: what each means and what we do (channels page of Telegram, section 10).
#pragma once

#include <string>
#include <string_view>

namespace okno::telegram {

enum class Reaction {
    wait,         // the whole channel, as long as Telegram says
    retry,        // with our own growing pauses
    refuse,       // this message will not arrive: a person decides
    block,        // nothing reaches this person until they turn to us again
    window,       // of a business account: the person wrote too long ago
    broken,       // an admin must renew the access
    warn,         // as refuse, and the admin is told
    as_document,  // the same file as a document
    no_reply,     // the same without what it answers
    done,         // it is so already
};

struct KnownError {
    int first;  // `error_code` of the answer
    int last;
    std::string_view begin;  // of the description after "Bad Request: " and the like, in small letters
    Reaction reaction;
    const char* word;  // stable, for our API
};

// The first row that fits, the specific ones stand first. Null for what the page does not name.
const KnownError* find_error(int code, std::string_view description);

// "Bad Request: PEER_ID_INVALID" is "peer_id_invalid".
std::string reason_in(std::string_view description);

}  // namespace okno::telegram
