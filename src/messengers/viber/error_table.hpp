// Viber's status codes as data: what each means and what we do (channels page of Viber, section 9).
#pragma once

#include <chrono>
#include <cstdint>

namespace okno::viber {

enum class Reaction {
    refuse,       // this message will not arrive: a person decides
    block,        // nothing reaches this person until they turn to us again
    broken,       // nothing leaves until an admin acts
    warn,         // what is charged does not leave: an admin is told
    wait_person,  // too much without an answer of the person: longer and longer pauses
    set_webhook,  // Viber forgot whom to call: it is told, then once more
    simpler,      // the person's program is too old for it: the same in its oldest form
    newer,        // it needs a newer program than we said: the same with a higher version
    few_tries,    // an error without a name
};

struct KnownStatus {
    std::int64_t code;
    Reaction reaction;
    const char* word;  // stable, for our API
};

// Every code but 0. One that the page does not name counts as an error without a name.
const KnownStatus& find_status(std::int64_t code);

}  // namespace okno::viber
