#include "providers/max/call.hpp"

#include <charconv>

namespace okno::sim::max {

std::string Call::text(std::string_view name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
}

std::optional<std::int64_t> Call::number(std::string_view name) const {
    const std::string value = text(name);
    std::int64_t number = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
    if (value.empty() || read.ec != std::errc{} || read.ptr != value.data() + value.size()) return std::nullopt;
    return number;
}

bool is_too_fast(std::deque<std::int64_t>& at_ms, std::int64_t now_ms, std::int64_t most) {
    while (!at_ms.empty() && now_ms - at_ms.front() >= 1000)
        at_ms.pop_front();
    if (static_cast<std::int64_t>(at_ms.size()) >= most) return true;
    at_ms.push_back(now_ms);
    return false;
}

}  // namespace okno::sim::max
