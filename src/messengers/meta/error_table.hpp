// Meta's error codes and subcodes as data: what each means and what we do (channels page of Messenger, section 8).
#pragma once

#include <chrono>
#include <cstdint>

namespace okno::meta {

enum class Reaction {
    retry_thrice,  // with our own growing pauses, at most three times
    slow_channel,  // too fast for the app or the account: at half the rate, recovering slowly
    wait,          // nothing leaves the channel for a while
    refuse,        // this message will not arrive: a person decides
    window,        // the reply window is closed
    block,         // nothing reaches this person until they turn to us again
    control,       // another app leads the conversation: we may take it over
    broken,        // an admin must act
    done,          // it was done before
};

struct KnownError {
    std::int64_t first;
    std::int64_t last;
    std::int64_t subcode;  // 0: any that no other line names
    Reaction reaction;
    const char* word;            // stable, for our API
    std::chrono::seconds after;  // 0: our own backoff
};

// Null for a code that the page does not name. An unknown subcode falls to the rule of its code.
const KnownError* find_error(std::int64_t code, std::int64_t subcode);

}  // namespace okno::meta
