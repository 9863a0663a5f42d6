#include "core/settings.hpp"

#include <cassert>

namespace okno::sim {

namespace {

struct Setting {
    std::string_view name;
    std::int64_t value;
};

constexpr Setting kSettings[] = {
    {"sent_ms", 5},        {"delivered_ms", 50},           {"read_ms", 50},        {"webhooks_in_flight", 4},
    {"webhook_batch", 20}, {"webhook_timeout_ms", 10'000}, {"retry_base_ms", 200}, {"retry_max_ms", 5'000},
    {"media_url_s", 300},  {"reaction_opens_window", 1},   {"refuse_at_once", 0},  {"telegram_http_webhooks", 0},
};

}  // namespace

Settings::Settings() {
    for (const Setting& setting : kSettings)
        numbers_.emplace(setting.name, setting.value);
}

std::int64_t Settings::get(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    const auto found = numbers_.find(name);
    assert(found != numbers_.end());
    return found->second;
}

std::string Settings::clock_url() const {
    const std::scoped_lock lock(mutex_);
    return clock_url_;
}

std::string Settings::change(const boost::json::object& wanted) {
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, value] : wanted) {
        const bool is_fit = name == "clock_url" ? value.is_string()
                                                : numbers_.contains(std::string_view(name)) && value.is_int64() &&
                                                      value.get_int64() >= 0;
        if (!is_fit) return std::string(name);
    }
    for (const auto& [name, value] : wanted) {
        if (name == "clock_url")
            clock_url_ = value.get_string();
        else
            numbers_.find(std::string_view(name))->second = value.get_int64();
    }
    return {};
}

boost::json::object Settings::all() const {
    const std::scoped_lock lock(mutex_);
    boost::json::object out;
    for (const auto& [name, value] : numbers_)
        out[name] = value;
    out["clock_url"] = clock_url_;
    return out;
}

}  // namespace okno::sim
