// The ledger of erasures: it outlives the databases, so that a restored backup forgets again whom it should not know.
#pragma once

#include "base/time.hpp"
#include "domain/ids.hpp"

#include <string>
#include <vector>

namespace okno {

// One name of a contact in a channel, as it is stored: `value` is the provider's spelling, `hash` that of its key.
struct StoredAddress {
    ChannelId channel;
    std::string kind;
    std::string value;
    std::string hash;
};

// One line of the ledger. Nothing in it says who the person was.
struct Erasure {
    Timestamp time;
    WorkspaceId workspace;
    ContactId contact;
    std::vector<std::string> addresses;  // as ErasureLedger::keyed gives them
};

class ErasureLedger {
public:
    virtual ~ErasureLedger() = default;

    // Durable once this returns; called inside the transaction that erases, before it commits. Throws
    // StoreUnavailable.
    virtual void append(const Erasure& erasure) = 0;
    // Under what an address stands in the ledger: nobody without the key can say whose it is.
    virtual std::string keyed(const StoredAddress& address) const = 0;
};

}  // namespace okno
