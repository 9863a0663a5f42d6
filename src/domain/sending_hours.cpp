#include "domain/sending_hours.hpp"

#include <algorithm>
#include <functional>

namespace okno {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;

static std::size_t weekday_of(std::chrono::sys_days day) { return std::chrono::weekday(day).iso_encoding() - 1; }

bool is_open(const SendingHours& hours, Timestamp now) {
    const Timestamp local = now + hours.utc_offset;
    const auto day = floor<days>(local);
    return hours.days[weekday_of(day)] && local >= day + hours.from && local < day + hours.to;
}

Timestamp next_opening(const SendingHours& hours, Timestamp now) {
    if (is_open(hours, now)) return now;
    const Timestamp local = now + hours.utc_offset;
    auto day = floor<days>(local);
    if (local >= day + hours.from) day += days{1};
    for (int looked_at = 0; looked_at < 7 && !hours.days[weekday_of(day)]; ++looked_at)
        day += days{1};
    return Timestamp{day + hours.from} - hours.utc_offset;
}

static std::optional<minutes> read_clock(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    int numbers[2] = {0, 0};
    for (const std::size_t at : {0U, 1U, 3U, 4U}) {
        if (text[at] < '0' || text[at] > '9') return std::nullopt;
        int& number = numbers[at / 3];
        number = number * 10 + (text[at] - '0');
    }
    if (numbers[1] > 59) return std::nullopt;
    return std::chrono::hours{numbers[0]} + minutes{numbers[1]};
}

static std::string write_clock(minutes time) {
    const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return two(time.count() / 60) + ":" + two(time.count() % 60);
}

std::optional<minutes> read_time_of_day(std::string_view text) {
    const auto time = read_clock(text);
    return time && *time <= 24h ? time : std::nullopt;
}

std::string write_time_of_day(minutes time) { return write_clock(time); }

std::optional<minutes> read_utc_offset(std::string_view text) {
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
    const auto size = read_clock(text.substr(1));
    if (!size || *size > 14h) return std::nullopt;
    return text.front() == '-' ? -*size : *size;
}

std::string write_utc_offset(minutes offset) {
    return (offset < 0min ? "-" : "+") + write_clock(offset < 0min ? -offset : offset);
}

std::string words_of(const SendingHours& hours) {
    static constexpr std::array names{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    std::string out = "from " + write_time_of_day(hours.from) + " to " + write_time_of_day(hours.to) + " (UTC" +
                      write_utc_offset(hours.utc_offset) + ")";
    if (std::ranges::all_of(hours.days, std::identity{})) return out;
    for (std::size_t day = 0; day < names.size(); ++day)
        if (hours.days[day]) out += std::string(", ") + names[day];
    return out;
}

}  // namespace okno
