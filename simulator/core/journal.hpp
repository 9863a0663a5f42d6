// What came in and what went out, in order, with monotonic times: the witness of every journey.
#pragma once

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

namespace okno::sim {

class Journal {
public:
    // Adds `n` and, unless the entry has one, `at_ms`. The oldest entry goes when there are 200,000.
    void write(std::string_view kind, boost::json::object entry);
    // Entries after `n`, oldest first, as a finished JSON document; `kind` empty: all.
    std::string read(std::int64_t after, std::size_t limit, std::string_view kind) const;
    void clear();
    // Milliseconds since the simulator started.
    std::int64_t elapsed() const;

private:
    struct Entry {
        std::int64_t n;
        std::string kind;
        std::string text;
    };

    mutable std::mutex mutex_;
    std::deque<Entry> entries_;
    std::int64_t last_ = 0;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// A body as the journal keeps it: cut after 8 KiB, bytes that are no text left out.
boost::json::string journal_body(std::string_view body);

}  // namespace okno::sim
