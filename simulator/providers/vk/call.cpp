#include "providers/vk/call.hpp"

#include <charconv>

namespace okno::sim::vk {

static std::optional<std::int64_t> whole(std::string_view text) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string Call::text(std::string_view name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string() : found->second;
}

std::optional<std::int64_t> Call::number(std::string_view name) const { return whole(text(name)); }

std::vector<std::string> parts_in(std::string_view list) {
    std::vector<std::string> out;
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        out.emplace_back(list.substr(0, comma));
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    return out;
}

std::vector<std::int64_t> numbers_in(std::string_view list) {
    std::vector<std::int64_t> out;
    for (const std::string& part : parts_in(list))
        if (const auto number = whole(part)) out.push_back(*number);
    return out;
}

}  // namespace okno::sim::vk
