#include "base/crash_point.hpp"

#ifdef OKNO_CRASH_POINTS

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace okno {

void crash_point() {
    static const char* wanted = std::getenv("OKNO_CRASH_AT");
    static const long at = wanted == nullptr ? 0 : std::strtol(wanted, nullptr, 10);
    static std::atomic<long> passed{0};
    constexpr int as_killed = 137;
    if (at > 0 && ++passed == at) ::_exit(as_killed);
}

static const std::atomic<std::int64_t>* shared_jump() {
    const char* path = std::getenv("OKNO_CLOCK_JUMP");
    const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return nullptr;
    void* bytes = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    return bytes == MAP_FAILED ? nullptr : static_cast<const std::atomic<std::int64_t>*>(bytes);
}

std::chrono::milliseconds clock_jump() {
    static const std::atomic<std::int64_t>* const jump = shared_jump();
    return std::chrono::milliseconds{jump == nullptr ? 0 : jump->load()};
}

}  // namespace okno

#endif
