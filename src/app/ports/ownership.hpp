// Which partitions this process may work for. With one process (SQLite) there is no such object: all are its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace okno {

class Ownership {
public:
    virtual ~Ownership() = default;

    // Name of this process's run, another at each start.
    virtual const std::string& node() const = 0;
    // Of the ownership: grows with each change of the owner. Empty: the partition is another's, or the lease has run
    // out by this machine's own clock, also while the database cannot be asked.
    virtual std::optional<std::int64_t> epoch_of(int partition) const = 0;
    // Whether what was taken in that epoch may still be sent. Unlike `epoch_of` it is true also while the partition is
    // about to be handed on.
    virtual bool holds(int partition, std::int64_t epoch) const = 0;
};

}  // namespace okno
