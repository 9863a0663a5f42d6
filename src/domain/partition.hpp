// The work of an installation in 64 parts, so that several nodes can share it: all of a channel is one node's.
#pragma once

#include "domain/ids.hpp"

namespace okno {

constexpr int partition_count = 64;

// 0 to 63; the same in every version: nodes of two versions may share the work.
int partition_of(ChannelId channel);
// Of what belongs to a workspace and to no channel.
int partition_of(WorkspaceId workspace);

}  // namespace okno
