// A gateway's refusals as data: what each means and what we do (channels page of the gateway, section 6).
#pragma once

#include <chrono>
#include <string_view>

namespace okno::gateway {

enum class Reaction {
    retry,         // with our own growing pauses
    wait,          // nothing leaves the channel for a while
    slow_channel,  // too fast: the whole channel slows down
    restart,       // the gateway's browser broke: its session is started anew, once, and the message tried again
    refuse,        // this message will not arrive: a person decides
    broken,        // an admin must act
};

struct KnownRefusal {
    int first;  // of the statuses
    int last;
    std::string_view words;  // that stand in the body; empty: any
    Reaction reaction;
    const char* word;            // stable, for our API
    std::chrono::seconds after;  // 0: our own backoff
};

// Null for what the page does not name.
const KnownRefusal* find_refusal(int status, std::string_view body);

}  // namespace okno::gateway
