// Meta's error codes as data: what each means and what we do (page of error codes of the Cloud API, read 2026-11-22).
#pragma once

#include <chrono>
#include <cstdint>

namespace okno::whatsapp {

enum class Reaction {
    retry,         // with our own growing pauses
    retry_thrice,  // as `retry`, at most three times
    wait,          // nothing leaves the channel for a while
    slow_channel,  // too fast for the number or the account: at half the rate, recovering slowly
    slow_person,   // too fast for this person: four times as long a pause at each try
    refuse,        // this message will not arrive: a person decides
    window,        // the reply window is closed
    token,         // an admin must renew the access
    account,       // an admin must settle something with Meta
    warn,          // this message will not arrive, and the admin should know why
};

struct KnownError {
    std::int64_t first;
    std::int64_t last;
    Reaction reaction;
    const char* word;            // stable, for our API
    std::chrono::seconds after;  // 0: our own backoff
};

// Null for a code that the page does not name.
const KnownError* find_error(std::int64_t code);

}  // namespace okno::whatsapp
