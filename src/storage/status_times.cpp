#include "storage/status_times.hpp"

#include <algorithm>
#include <charconv>

namespace okno::storage {

std::string write_status_times(const StatusTimes& times) {
    std::string out;
    for (const auto& time : times) {
        if (!out.empty()) out += ' ';
        out += time ? std::to_string(to_millis(*time)) : "-";
    }
    return out;
}

StatusTimes read_status_times(std::string_view text) {
    StatusTimes out;
    for (auto& time : out) {
        const std::string_view word = text.substr(0, text.find(' '));
        std::int64_t millis = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), millis);
        if (error == std::errc{} && !word.empty()) time = from_millis(millis);
        text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
    return out;
}

}  // namespace okno::storage
