#include "base/log.hpp"

#include "base/time.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>

namespace okno {

static std::atomic<LogFormat> current_format{LogFormat::text};

static spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warning: return spdlog::level::warn;
        case LogLevel::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

static spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>("okno", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%v");
        made->set_level(spdlog::level::warn);
        made->flush_on(spdlog::level::info);
        return made;
    }();
    return *instance;
}

void start_log(LogFormat format, LogLevel least) {
    current_format = format;
    logger().set_level(level_of(least));
}

static std::string as_json(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    const auto name = spdlog::level::to_string_view(level_of(level));
    boost::json::object line{{"time", to_rfc3339(Clock::real_now())},
                             {"level", boost::json::string_view(name.data(), name.size())},
                             {"event", boost::json::string_view(event.data(), event.size())}};
    for (const auto& [key, value] : fields)
        line[boost::json::string_view(key.data(), key.size())] = value;
    return boost::json::serialize(line);
}

// A value of text stays on its line, whatever a stranger wrote into an address.
static void append_value(std::string& line, std::string_view value) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F || byte == '\\')
            line.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 0xF]);
        else
            line += c;
    }
}

static std::string as_text(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    const auto name = spdlog::level::to_string_view(level_of(level));
    std::string line = to_rfc3339(Clock::real_now()) + " " + std::string(name.data(), name.size()) + "  ";
    line += event;
    for (const auto& [key, value] : fields) {
        line.append("  ").append(key).append("=");
        append_value(line, value);
    }
    return line;
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    if (!logger().should_log(level_of(level))) return;
    const bool json = current_format == LogFormat::json;
    logger().log(level_of(level), "{}", json ? as_json(level, event, fields) : as_text(level, event, fields));
}

}  // namespace okno
