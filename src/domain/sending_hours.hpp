// When a channel sends: some days of the week, between two times of the day.
#pragma once

#include "base/time.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace okno {

struct SendingHours {
    std::array<bool, 7> days{true, true, true, true, true, true, true};  // Monday first; one of them at least
    std::chrono::minutes from{0};                                        // since midnight
    std::chrono::minutes to{24 * 60};                                    // later than `from`, at most 24:00
    std::chrono::minutes utc_offset{0};                                  // of the clock they are meant by

    bool operator==(const SendingHours&) const = default;
};

bool is_open(const SendingHours& hours, Timestamp now);
// The first moment from `now` on at which they are open.
Timestamp next_opening(const SendingHours& hours, Timestamp now);

// "09:30"; "24:00" is the end of a day. Empty when it is no time of a day.
std::optional<std::chrono::minutes> read_time_of_day(std::string_view text);
std::string write_time_of_day(std::chrono::minutes time);
// "+03:00", "-09:30". Empty when it is no offset that a clock on earth has.
std::optional<std::chrono::minutes> read_utc_offset(std::string_view text);
std::string write_utc_offset(std::chrono::minutes offset);
// For people: "from 09:00 to 21:00 (UTC+03:00), Mon, Tue"; the days only when they are not all.
std::string words_of(const SendingHours& hours);

}  // namespace okno
