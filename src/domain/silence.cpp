#include "domain/silence.hpp"

#include <algorithm>

namespace okno {

constexpr int a_few = 3;

bool is_unusual_silence(const std::vector<int>& before) {
    return before.size() >= weeks_compared && std::ranges::all_of(before, [](int count) { return count >= a_few; });
}

}  // namespace okno
