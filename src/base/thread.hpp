#pragma once

#include <pthread.h>

#include <string>
#include <thread>
#include <utility>

namespace okno {

// A thread that the system's tools show by name (`top -H`, `perf`), of which they keep 15 bytes.
template <typename Run>
std::thread start_thread(const std::string& name, Run run) {
    std::thread thread(std::move(run));
    ::pthread_setname_np(thread.native_handle(), name.substr(0, 15).c_str());
    return thread;
}

}  // namespace okno
