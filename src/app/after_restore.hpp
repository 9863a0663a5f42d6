// What must happen to a restored database before anybody works with it, whatever engine it was copied with.
//
// The copy knows nothing of what came after it: a message that waits in it may have left since, a person it shows may
// have been erased since, and pages may have seen more changes than it has.
#pragma once

#include "app/ports/storage.hpp"

#include <string>
#include <vector>

namespace okno {

struct AfterRestore {
    int unknown = 0;                 // parts of messages
    int paused = 0;                  // channels
    int erased = 0;                  // contacts
    std::vector<std::string> files;  // of the erased contacts
};

// One transaction. Every part that waits or is leaving becomes unknown and leaves no more; every channel is paused
// until an admin resumes it; who was erased at or after `copied_at` is erased again, found by the contact's id or by
// an address; the numbers of the change feed go on far beyond those that a page may have seen.
AfterRestore after_restore(StoreSession& session, Timestamp copied_at, const std::vector<Erasure>& erasures,
                           const ErasureLedger& ledger, Timestamp now);

}  // namespace okno
