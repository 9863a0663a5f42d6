// What MAX refuses as data: what each refusal means and what we do (channels page of MAX, section 5, schema 0.0.30).
#pragma once

#include <string_view>

namespace okno::max {

enum class Reaction {
    retry,         // with our own growing pauses
    slow_channel,  // too fast: the whole channel slows down
    not_ready,     // the file is being worked on: the same message again in a moment
    no_quote,      // the message it answers is gone: the same without it
    refuse,        // this message will not arrive: a person decides
    block,         // nothing reaches this person until they turn to us again
    broken,        // an admin must renew the access
};

struct KnownError {
    int first_status;
    int last_status;
    std::string_view sign;  // what stands in the code, error or message of the answer; empty: anything
    Reaction reaction;
    const char* word;  // stable, for our API
};

// The first row that fits; null for a refusal that the page does not name. `told` is the answer's words in small
// letters.
const KnownError* find_error(int status, std::string_view told);

}  // namespace okno::max
