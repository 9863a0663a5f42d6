// How far a command is: a line that is written over, on a terminal only.
#pragma once

#include <fmt/format.h>

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>

namespace okno::server {

// Takes the line away when it ends.
class ProgressLine {
public:
    ~ProgressLine() {
        if (is_shown_) fmt::print(stderr, "\r\x1b[K");
    }
    void operator()(const std::string& what, std::int64_t done, std::int64_t all) {
        const int percent = all > 0 ? static_cast<int>(done * 100 / all) : 0;
        if (!is_terminal_ || (what == what_ && percent == percent_)) return;
        fmt::print(stderr, "\r\x1b[K{}", all > 0 ? fmt::format("{} {} %", what, percent) : what + " ...");
        is_shown_ = true;
        what_ = what;
        percent_ = percent;
    }

private:
    const bool is_terminal_ = ::isatty(STDERR_FILENO) == 1;
    bool is_shown_ = false;
    std::string what_;
    int percent_ = 0;
};

}  // namespace okno::server
