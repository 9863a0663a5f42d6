// VK's error codes as data: what each means and what we do (channels page of VK, section 9, API 5.199).
#pragma once

#include <chrono>
#include <cstdint>

namespace okno::vk {

enum class Reaction {
    retry,         // with our own growing pauses
    slow_channel,  // too fast for the key: the whole channel slows down
    wait,          // nothing leaves the channel for a while
    flood,         // the same thing too often: five times as long a pause at each of three tries
    upload,        // the address of an upload was refused: a new one may help
    no_keyboard,   // the same without its buttons
    refuse,        // this message will not arrive: a person decides
    block,         // nothing reaches this person until they turn to us again
    broken,        // an admin must renew the access
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

}  // namespace okno::vk
