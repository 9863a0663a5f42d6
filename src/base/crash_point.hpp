// What the tests do to a process: end it as a crash would, before and after each commit and each network write, and
// move its clock.
//
// Only builds with OKNO_CRASH_POINTS have it. OKNO_CRASH_AT=n ends the process at the n-th place it passes;
// OKNO_CLOCK_JUMP names a file of 8 bytes, by how many milliseconds its clock is wrong now.
#pragma once

#include <chrono>

namespace okno {

#ifdef OKNO_CRASH_POINTS
void crash_point();
std::chrono::milliseconds clock_jump();
#else
inline void crash_point() {}
inline std::chrono::milliseconds clock_jump() { return std::chrono::milliseconds{0}; }
#endif

}  // namespace okno
