#include "domain/partition.hpp"

namespace okno {

// FNV-1a: ids begin with their time, so all of their bytes have to count.
static int partition_of_bytes(const Uuid& id) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const std::uint8_t byte : id.bytes)
        hash = (hash ^ byte) * 1099511628211ULL;
    return static_cast<int>((hash ^ (hash >> 32)) % partition_count);
}

int partition_of(ChannelId channel) { return partition_of_bytes(channel.value()); }

int partition_of(WorkspaceId workspace) { return partition_of_bytes(workspace.value()); }

}  // namespace okno
