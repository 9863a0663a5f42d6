// Times that a provider gives in whole seconds.
#pragma once

#include "base/time.hpp"

namespace okno {

// A time in whole seconds stands for all of its second: its last millisecond. Any other stands for itself.
inline Timestamp latest_of(Timestamp time) { return time.time_since_epoch() % 1s == 0ms ? time + 999ms : time; }

}  // namespace okno
