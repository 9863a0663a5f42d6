// Places at which the tests end the process as a crash would: before and after each commit and each network write.
//
// Only builds with OKNO_CRASH_POINTS have them; OKNO_CRASH_AT=n then ends the process at the n-th place it passes.
#pragma once

namespace okno {

#ifdef OKNO_CRASH_POINTS
void crash_point();
#else
inline void crash_point() {}
#endif

}  // namespace okno
