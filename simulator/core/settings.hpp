// The numbers a test may turn: one table of names and defaults, plus the URL that is told about clock moves.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace okno::sim {

class Settings {
public:
    Settings();

    // The name must be one of the table.
    std::int64_t get(std::string_view name) const;
    std::string clock_url() const;
    // Empty, or the name that is unknown or has no fitting value; then nothing is changed.
    std::string change(const boost::json::object& wanted);
    boost::json::object all() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::int64_t, std::less<>> numbers_;
    std::string clock_url_;
};

}  // namespace okno::sim
