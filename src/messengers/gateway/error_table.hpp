// A gateway's refusals as data: what each means and what we do (channels page of the gateway, section 6). Each shape
// has a table of its own.
#pragma once

#include <chrono>
#include <span>
#include <string_view>

namespace okno::gateway {

enum class Reaction {
    retry,         // with our own growing pauses
    wait,          // nothing leaves the channel for a while
    slow_channel,  // too fast: the whole channel slows down
    restart,       // the gateway's browser broke: its session is started anew, once, and the message tried again
    refuse,        // this message will not arrive: a person decides
    gone,          // nothing reaches this person: the number has no WhatsApp
    quota,         // paid for no more of them: a person decides, and the admin is told
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

// The first that fits; null for what the table does not name.
const KnownRefusal* find_refusal(std::span<const KnownRefusal> table, int status, std::string_view body);

}  // namespace okno::gateway
