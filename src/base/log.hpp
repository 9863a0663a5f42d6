// The structured log: text for people or JSON lines for machines, on standard error.
//
// Never give it a customer's text or a token; ids and counts only.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace okno {

enum class LogLevel { debug, info, warning, error };
enum class LogFormat { text, json };

using LogField = std::pair<std::string_view, std::string>;

void start_log(LogFormat format, LogLevel least);
// `event` is a short constant sentence, `fields` its circumstances.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

}  // namespace okno
