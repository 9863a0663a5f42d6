// Where a person may be found by the id of the contact. A new table that holds something of a person gets its line
// here; a test compares the list with the tables there are.
#pragma once

#include <string>
#include <vector>

namespace okno::storage {

struct ErasurePlace {
    std::string table;
    std::string rows;  // which of the workspace's rows: $1 is the workspace, $2 the contact
};

// In the order of erasing. What is found in another way: kept_replies (their sealed text), set_aside and waiting_events
// (the addresses they name).
const std::vector<ErasurePlace>& erasure_places();

}  // namespace okno::storage
