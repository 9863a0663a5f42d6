// What every fuzz target has: bytes come in, and `must` says what is true whatever they are.
//
// With the preset `fuzz` libFuzzer calls the target (./dev fuzz); else replay.cpp gives it the recorded corpus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace okno::fuzz {

// Ends the program, as a crash does, saying what does not hold.
inline void must(bool holds, std::string_view sentence) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
    std::abort();
}

// Takes one piece of the input after another, so that a target may need several values.
class Pieces {
public:
    explicit Pieces(std::string_view all) : left_(all) {}
    // Up to the next line break; the rest when there is none.
    std::string_view line() {
        const std::size_t end = left_.find('\n');
        const std::string_view taken = left_.substr(0, end);
        left_.remove_prefix(end == std::string_view::npos ? left_.size() : end + 1);
        return taken;
    }
    std::string_view rest() const { return left_; }

private:
    std::string_view left_;
};

// Defined by each target.
void take(std::string_view input);

}  // namespace okno::fuzz
